import type { TerminalRun } from '../api/context.ts';
import { clientOver, faultIn } from '../cli/client.ts';
import { runRemotely } from '../cli/remote-program.ts';
import { FaultError } from '../domain/fault.ts';

/**
 * Runs a line of the page's terminal: Reign's own command line, with each of its calls going through the API as the
 * person who typed it. There is no shell, no file and no process behind it.
 */
export async function runWebTerminal({ line, request, write, signal }: TerminalRun): Promise<number> {
  let code = 0;
  const client = clientOver('', async (method, route, body) => {
    if (signal.aborted) throw new FaultError('cancelled', 'Stopped.');
    const { status, payload } = await request(method, route, body);
    const response = new Response(payload, { status });
    if (!response.ok) throw await faultIn(response);
    return response;
  });
  const screen = {
    write,
    complain: write,
    end: (ended: number) => {
      code = ended;
    },
  };
  await runRemotely(line, { client, screen });
  return code;
}
