import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { McpServer } from '../domain/extensions.ts';
import { FaultError } from '../domain/fault.ts';
import type { ProgramInput, Reader } from '../domain/ports/reader.ts';

type Stdio = Extract<McpServer['reach'], { kind: 'stdio' }>;

const limits = { limitSeconds: 300, memoryMb: 1024 };

/** Starts the server as a program of this step, in its sandbox and without network, and talks over its pipes. */
export function stdioTransport(reader: Reader, { command, env, code }: Stdio): Transport {
  const [program = '', ...args] = command;
  const ended = new AbortController();
  let input: ProgramInput | undefined;
  const transport: Transport = {
    async start() {
      const { runProgram } = reader;
      if (runProgram === undefined)
        throw new FaultError('unsupported', 'No sandbox runs programs here. See what `reign doctor` says.');
      const started = new Promise<void>((resolve) => {
        const running = runProgram(program === 'node' ? process.execPath : program, args, {
          ...limits,
          env,
          ...(code === undefined ? {} : { cwd: code.folder }),
          signal: ended.signal,
          stdin: (opened) => {
            input = opened;
            resolve();
          },
          onLine: (line) => hear(transport, line),
        });
        running.then(
          ({ exitCode, stderr }) => {
            const said = stderr.trim().split('\n').slice(-3).join(' ');
            if (!ended.signal.aborted) fail(new Error(`it ended with exit code ${exitCode}. ${said}`));
            transport.onclose?.();
          },
          (error: Error) => fail(error),
        );
      });
      await started;
    },
    async send(message) {
      input?.write(`${JSON.stringify(message)}\n`);
    },
    async close() {
      ended.abort();
    },
  };
  const fail = (error: Error): void => transport.onerror?.(error);
  return transport;
}

/** What is no message (a server that prints) is told, and left. */
function hear(transport: Transport, line: string): void {
  try {
    transport.onmessage?.(JSON.parse(line));
  } catch (error) {
    transport.onerror?.(error as Error);
  }
}
