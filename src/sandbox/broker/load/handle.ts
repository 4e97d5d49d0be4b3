import type { ServerResponse } from 'node:http';
import type { EnvironmentView } from '../../../domain/environment.ts';
import { FaultError } from '../../../domain/fault.ts';
import { isOwnHost, type LoadTest, parseLoadTestPath } from '../../../domain/load-test.ts';
import { pin } from '../probe/hop.ts';
import { runLoad } from './run.ts';

/**
 * Answers `GET /load/…` with whether the test would be made (an own host of an environment, and where it is found), and
 * `POST /load/…` by making it: a line of JSON each second, and the result as the last one.
 * @throws FaultError `refused` for other hosts and for addresses that no load may go to.
 */
export async function handleLoad(
  request: { method: string; path: string },
  environments: readonly EnvironmentView[],
  signal: AbortSignal,
  response: ServerResponse,
): Promise<void> {
  const test = parseLoadTestPath(request.path);
  if (test === undefined) throw new FaultError('refused', 'That is no load test of allowed size.');
  const { address } = await ownAddress(test, environments, signal);
  if (request.method === 'GET') {
    const body = JSON.stringify({ address });
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    return;
  }
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const tell = (line: object) => response.write(`${JSON.stringify(line)}\n`);
  const ended = AbortSignal.any([signal, closing(response)]);
  const result = await runLoad(test, address, { signal: ended, onSecond: (second) => tell({ second }) });
  response.end(`${JSON.stringify({ result })}\n`);
}

async function ownAddress(test: LoadTest, environments: readonly EnvironmentView[], signal: AbortSignal) {
  const url = new URL(test.url);
  const hosts = environments.flatMap(({ hosts = [] }) => hosts);
  if (!isOwnHost(url, hosts))
    throw new FaultError(
      'refused',
      `${url.host} is no own host of an environment; load goes to those alone.`,
    );
  try {
    return await pin(url, { allowed: hosts, signal });
  } catch (error) {
    throw new FaultError('unreachable', error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

function closing(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  return controller.signal;
}
