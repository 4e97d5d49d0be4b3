import type { Duplex } from 'node:stream';
import { type Extensions, noExtensions } from '../../domain/extensions.ts';
import { FaultError, fault, toFault } from '../../domain/fault.ts';
import type { AnyOperation, OperationCatalogue } from '../../domain/operation.ts';
import type { StepCall, StepReply } from '../../domain/ports/sandbox.ts';
import { readLines } from '../lines.ts';
import { type HostMessage, lineLimitBytes, parseObject, type WorkerMessage } from '../protocol.ts';
import { runPhase } from './phases.ts';
import { type CallContext, createReader, createWriter, type Surroundings } from './reader.ts';
import type { StopReason } from './run-program.ts';

/** Finds an operation, and loads it where that has not happened. */
export type FindOperation = (id: string) => Promise<AnyOperation | undefined>;

export type StepHost = {
  /** Aborts every running call; the calls answer with a fault and the host goes on. */
  stop(signal: NodeJS.Signals): void;
};

/**
 * Serves calls to operations over a channel, one JSON message a line. Says `ready` when the worker's hello has
 * arrived. A line that is no message is dropped; a call that throws is answered with its fault.
 */
export function runStepHost(
  operations: OperationCatalogue | ((extensions: Extensions) => FindOperation),
  channel: Duplex,
): StepHost {
  const running = new Set<AbortController>();
  let around: Surroundings | undefined;
  let find: FindOperation = async () => undefined;
  const send = (message: HostMessage): void => {
    channel.write(encode(message));
  };

  const serve = async (message: Extract<WorkerMessage, { type: 'call' }>): Promise<void> => {
    const { id, call, connections, trace } = message;
    const controller = new AbortController();
    running.add(controller);
    const report = (line: string): void => send({ type: 'progress', id, line: String(line) });
    const ended = new AbortController();
    const span = (name: string, startedAt: number): void =>
      send({ type: 'span', id, name, startedAt, endedAt: Date.now() });
    const traced = trace === undefined ? {} : { trace: { parent: trace, span } };
    const context = { connections, signal: controller.signal, ended: ended.signal, report, ...traced };
    const reply = await answer(find, around, call, context);
    running.delete(controller);
    ended.abort();
    send({ type: 'reply', id, reply });
  };

  const greet = (hello: Extract<WorkerMessage, { type: 'hello' }>): void => {
    if (typeof operations === 'function') find = operations(hello.extensions ?? noExtensions);
    else find = async (id) => operations.find(id);
    around = hello;
    send({ type: 'ready' });
  };

  const onLine = (line: string): void => {
    const message = parseObject(line) as WorkerMessage | undefined;
    if (message?.type === 'hello') {
      greet(message);
    } else if (message?.type === 'call') void serve(message);
  };
  readLines(channel, lineLimitBytes, onLine, () => channel.destroy());
  return {
    stop(signal) {
      for (const controller of running) controller.abort(stopError(signal));
    },
  };
}

/** An AbortError, as `throwIfAborted` and timers pass it on, that knows the signal. */
function stopError(signal: NodeJS.Signals): Error & StopReason {
  const error = new Error('The step was stopped.');
  error.name = 'AbortError';
  return Object.assign(error, { stop: signal });
}

async function answer(
  find: FindOperation,
  around: Surroundings | undefined,
  call: StepCall,
  context: CallContext,
): Promise<StepReply> {
  try {
    if (around === undefined) throw new FaultError('internal', 'The step was called before it was greeted.');
    const operation = await find(call.operation);
    if (operation === undefined)
      throw new FaultError('not-found', `There is no operation ${call.operation}. Run \`reign tools\`.`);
    const access = { reader: createReader(around, context), writer: createWriter(around, context) };
    const value = await runPhase(operation, call.phase, call.args, access);
    return { ok: true, value: (value ?? null) as never };
  } catch (error) {
    return { ok: false, fault: toFault(error) };
  }
}

/** One line; a reply that is too long or cannot be written as JSON becomes a fault. */
function encode(message: HostMessage): string {
  try {
    const line = `${JSON.stringify(message)}\n`;
    if (line.length <= lineLimitBytes && Buffer.byteLength(line) <= lineLimitBytes) return line;
    return replacement(
      message,
      fault('too-large', 'The result is larger than 8 MB. Ask for less at a time.'),
    );
  } catch (error) {
    return replacement(message, fault('internal', `The result cannot be written as JSON: ${String(error)}`));
  }
}

function replacement(message: HostMessage, because: ReturnType<typeof fault>): string {
  if (message.type !== 'reply') return '';
  return `${JSON.stringify({ ...message, reply: { ok: false, fault: because } })}\n`;
}
