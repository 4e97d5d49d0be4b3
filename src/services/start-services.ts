import { prepareDataDir } from './data-dir.ts';
import type { DataDirHold } from './hold-data-dir.ts';
import { holdDataDir } from './hold-data-dir.ts';
import { startPostgres } from './postgres/start.ts';
import { startRedis } from './redis/start.ts';
import type { RunningService } from './running-service.ts';
import type { InstallPolicy, SystemPackage } from './system-packages.ts';
import { ensureSystemPackages } from './system-packages.ts';

export interface StartServicesOptions {
  /** For example `<project>/.reign`. */
  dataDir: string;
  /** Given: no embedded Postgres. */
  databaseUrl?: string | undefined;
  /** Given: no private Redis. */
  redisUrl?: string | undefined;
  install: InstallPolicy;
  /** Given only on a terminal. */
  ask?: ((question: string) => Promise<boolean>) | undefined;
  say: (line: string) => void;
}

export interface Services {
  databaseUrl: string;
  redisUrl: string;
  started: string[];
  adopted: string[];
  /** Stops what this run started or adopted, and nothing else. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Brings up what Reign needs and nobody gave it: Postgres and Redis on loopback, each outliving us and adopted by
 * the next start. Holds the data folder (`data-dir-in-use` if another Reign has it) until `stop`. When it
 * throws, whatever it had started is stopped again.
 */
export async function startServices(options: StartServicesOptions): Promise<Services> {
  const packages: SystemPackage[] = options.redisUrl ? [] : ['redis-server'];
  if (process.platform === 'linux') packages.push('bubblewrap');
  if (options.databaseUrl && options.redisUrl) {
    await ensureSystemPackages({ ...options, packages });
    return services(options, []);
  }
  const hold = await holdDataDir(options.dataDir);
  try {
    await ensureSystemPackages({ ...options, packages });
    const dataDir = await prepareDataDir(options.dataDir);
    const running = await allOrNone([
      ...(options.databaseUrl ? [] : [startPostgres(dataDir, options.say)]),
      ...(options.redisUrl ? [] : [startRedis(dataDir)]),
    ]);
    for (const one of running) {
      const address = new URL(one.url).host;
      options.say(
        `${label(one)} ${one.adopted ? 'was still running and is used again' : 'is up'} on ${address}.`,
      );
    }
    return services(options, running, hold);
  } catch (error) {
    await hold.release();
    throw error;
  }
}

async function allOrNone(starts: Promise<RunningService>[]): Promise<RunningService[]> {
  const outcomes = await Promise.allSettled(starts);
  const running = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (!failed) return running;
  await Promise.allSettled(running.filter((one) => !one.adopted).map((one) => one.stop()));
  throw failed.reason;
}

function services(options: StartServicesOptions, running: RunningService[], hold?: DataDirHold): Services {
  const url = (name: RunningService['name']): string => running.find((one) => one.name === name)?.url ?? '';
  let stopping: Promise<void> | undefined;
  return {
    databaseUrl: options.databaseUrl || url('postgres'),
    redisUrl: options.redisUrl || url('redis'),
    started: running.filter((one) => !one.adopted).map((one) => one.name),
    adopted: running.filter((one) => one.adopted).map((one) => one.name),
    stop: () => {
      stopping ??= stopAll(running, hold);
      return stopping;
    },
  };
}

async function stopAll(running: RunningService[], hold: DataDirHold | undefined): Promise<void> {
  const outcomes = await Promise.allSettled(running.map((one) => one.stop()));
  await hold?.release();
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

function label(one: RunningService): string {
  return one.name === 'postgres' ? 'Postgres' : 'Redis';
}
