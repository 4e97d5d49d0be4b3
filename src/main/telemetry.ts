import os from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import type { Config } from '../config/index.ts';
import { toFault } from '../domain/fault.ts';
import type { Sample } from '../domain/metrics.ts';
import type { RedisAddress } from '../domain/ports/redis-address.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import type { Engine } from '../engine/engine.ts';
import { lookAtWaiting } from '../store/waiting.ts';
import {
  createLogger,
  createTelemetry,
  type MetricsServer,
  type OwnTelemetry,
  serveMetrics,
  tracesWanted,
} from '../telemetry/index.ts';
import { version } from './package-root.ts';
import { announceProcess } from './presence.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The screen belongs to the banner: lines go to a file, or to standard error where somebody collects them there. */
export function openLog({ telemetry, dataDir }: Config, env: Env): Logger {
  const level = env['REIGN_LOG_LEVEL'] ?? 'info';
  const file = path.join(dataDir, 'logs', 'reign.log');
  return telemetry.logs === 'stderr' ? createLogger(level) : createLogger(level, { file });
}

/** Throws FaultError for a receiver that cannot be spoken to; one that is away is no error. */
export async function openTelemetry(config: Config, env: Env, logger: Logger): Promise<OwnTelemetry> {
  const { endpoint } = config.telemetry;
  if (!tracesWanted(endpoint, env)) return createTelemetry();
  const { startTracing } = await import('../telemetry/tracing.ts');
  const resource = {
    'service.name': 'reign',
    'service.version': version,
    'service.instance.id': `${os.hostname()}-${process.pid}`,
    'reign.role': config.role,
  };
  return createTelemetry(await startTracing({ env, resource, logger, ...(endpoint ? { endpoint } : {}) }));
}

/** Says what this process is, and makes its metrics known where they are asked for. @returns how to stop that. */
export async function showProcess(
  telemetry: OwnTelemetry,
  { say, redis, ...watched }: Watched & { say: (line: string) => void; redis: RedisAddress },
): Promise<() => Promise<void>> {
  const { config, engine } = watched;
  watchProcess(telemetry, watched);
  const server = await ownMetricsServer(config, telemetry, say);
  const announced = await announceProcess(config, engine, redis);
  return async () => {
    await announced.stop();
    await server?.stop();
  };
}

type Watched = { config: Config; engine: Pick<Engine, 'policy' | 'queue' | 'logger'>; pool: pg.Pool };

/** What is looked up whenever somebody asks for metrics. Work that waits is counted by gateways alone. */
function watchProcess(telemetry: OwnTelemetry, { config, engine, pool }: Watched): void {
  const policy = engine.policy.hash.slice(0, 12);
  const labels = { version, role: config.role, node: process.version, policy };
  telemetry.onAsk(async () => [{ name: 'reign_build_info', labels, value: 1 }]);
  const answers = async (dependency: string, work: Promise<unknown>): Promise<Sample> => {
    const value = await work.then(
      () => 1,
      () => 0,
    );
    return { name: 'reign_dependency_up', labels: { dependency }, value };
  };
  telemetry.onAsk(() =>
    Promise.all([answers('postgres', pool.query('select 1')), answers('redis', engine.queue.ping())]),
  );
  if (config.role !== 'worker') telemetry.onAsk(() => lookAtWaiting(pool));
}

/** Where OpenTelemetry's exporters for Prometheus listen by default. */
const usualPort = 9464;

/**
 * A worker's metrics have a port of their own. Where nobody chose it and it is taken (a second worker on this machine),
 * that is said, and the worker goes on without.
 */
async function ownMetricsServer(
  { role, telemetry: { metrics } }: Config,
  telemetry: OwnTelemetry,
  say: (line: string) => void,
): Promise<MetricsServer | undefined> {
  const { host, port } = metrics;
  if (port === undefined && role !== 'worker') return undefined;
  try {
    const server = await serveMetrics(telemetry, { host, port: port ?? usualPort });
    say(`Metrics are at ${server.url}`);
    return server;
  } catch (error) {
    if (port !== undefined) throw error;
    say(`Warning: ${toFault(error).message}`);
    return undefined;
  }
}
