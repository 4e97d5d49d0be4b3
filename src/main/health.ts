import { existsSync } from 'node:fs';
import path from 'node:path';
import { connect } from '../cli/client.ts';
import { createOutput } from '../cli/output.ts';
import { loadConfig } from '../config/index.ts';
import { FaultError, toFault } from '../domain/fault.ts';
import { isBeating } from './heartbeat.ts';

/**
 * `reign health`: whether the Reign of this data folder works, for a container's health check. A gateway is asked
 * whether it is ready; a worker must have said within half a minute that it lives. Exit code 1 when not.
 */
export async function health(options: {
  config?: string;
  data?: string;
  /** Only whether it answers: what a missing Postgres must not change. */
  live: boolean;
  json: boolean;
}): Promise<number> {
  const output = createOutput(options.json);
  const config = loadConfig({
    ...{ cwd: process.cwd(), env: process.env },
    ...{ file: options.config, dataDir: options.data },
  });
  const asked =
    config.role === 'worker' ? askWorker(config.dataDir) : askGateway(config.dataDir, options.live);
  const { ok, says } = await asked.catch((error: unknown) => ({ ok: false, says: toFault(error).message }));
  output.event({ type: 'check', name: 'health', ok, says });
  output.say(says);
  return ok ? 0 : 1;
}

async function askGateway(dataDir: string, live: boolean): Promise<{ ok: boolean; says: string }> {
  if (!existsSync(path.join(dataDir, 'run.json')))
    throw new FaultError('unreachable', 'No gateway runs here yet; its log says how far it is.');
  const { url } = await connect({ dataDir });
  const ask = (path: string) => fetch(`${url}${path}`, { signal: AbortSignal.timeout(5_000) });
  if (live) return { ok: (await ask('/healthz')).ok, says: 'the gateway lives' };
  const response = await ask('/readyz');
  const { checks } = (await response.json()) as { checks: Record<string, unknown> };
  return { ok: response.ok, says: `${response.ok ? 'ready' : 'not ready'}: ${JSON.stringify(checks)}` };
}

async function askWorker(dataDir: string): Promise<{ ok: boolean; says: string }> {
  if (await isBeating(dataDir)) return { ok: true, says: 'the worker lives' };
  throw new FaultError('unreachable', 'The worker has said nothing for half a minute, or does not run here.');
}
