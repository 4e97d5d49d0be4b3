import { randomBytes } from 'node:crypto';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { accountFor } from '../accounts.ts';
import { makeFolder } from '../data-dir.ts';
import type { DetachedProcess } from '../detached.ts';
import { findDetached, startDetached } from '../detached.ts';
import { findCommand } from '../find-command.ts';
import { lastWords } from '../logs.ts';
import { freePort } from '../ports.ts';
import type { ProcessIdentity } from '../processes.ts';
import { endProcess, identify, isAlive } from '../processes.ts';
import type { RunningService } from '../running-service.ts';
import { explainFileError, ServiceError } from '../service-error.ts';
import { installHint } from '../system-packages.ts';
import { waitFor } from '../wait.ts';
import { askRedis } from './ask.ts';
import type { RedisConfiguration } from './configuration.ts';
import { configurationFile, readConfiguration, writeConfiguration } from './configuration.ts';

/**
 * The private Redis of a data folder (its real path, held by us): the one that runs already is adopted, else one is
 * started detached. It keeps nothing on disk: Postgres is the truth, Redis only delivers.
 */
export async function startRedis(dataDir: string): Promise<RunningService> {
  const kept = await readConfiguration(dataDir);
  const pid = kept ? await askRedis(kept.port, kept.password) : undefined;
  const running = pid === undefined ? undefined : await identify(pid);
  if (kept && running) return service(kept, running, true);

  // One that is noted but does not answer hangs; a second one beside it would only hide that.
  const hanging = await findDetached(pidFile(dataDir));
  if (hanging) await stopRedis(hanging);

  const command = await findCommand('redis-server');
  if (!command) {
    throw new ServiceError(
      'redis-missing',
      `redis-server is not installed. Install it (${installHint(['redis-server'])}) or set REDIS_URL.`,
    );
  }
  let words = '';
  for (const wanted of [kept?.port, undefined, undefined]) {
    // The password is new each time: a stranger on the old port may have been shown the last one.
    const configuration = { port: await freePort(wanted), password: randomBytes(24).toString('hex') };
    const server = await launch(dataDir, command, configuration);
    const isUp = await waitUntilReady(server.identity, configuration);
    if (isUp) return service(configuration, server.identity, false);
    await stopRedis(server.identity);
    words = await server.output();
    if (!/address already in use/i.test(words)) break;
  }
  const code = /address already in use/i.test(words) ? 'port-in-use' : 'redis-failed';
  const log = join(dataDir, 'logs', 'redis.log');
  throw new ServiceError(code, `redis-server did not start: ${lastWords(words)} (its log is ${log})`);
}

/** The file is the server's standard input: the account it runs under need not be able to read it. */
async function launch(dataDir: string, command: string, own: RedisConfiguration): Promise<DetachedProcess> {
  const folder = join(dataDir, 'redis');
  const account = await accountFor(['redis']);
  try {
    await makeFolder(folder, 0o700);
    if (account && account !== 'none') await chown(folder, account.uid, account.gid);
  } catch (error) {
    throw explainFileError(error, folder);
  }
  await writeConfiguration(dataDir, own);
  return await startDetached({
    command,
    arguments: ['-'],
    folder,
    logFile: join(dataDir, 'logs', 'redis.log'),
    pidFile: pidFile(dataDir),
    inputFile: configurationFile(dataDir),
    account: account === 'none' ? undefined : account,
  });
}

async function waitUntilReady(identity: ProcessIdentity, own: RedisConfiguration): Promise<boolean> {
  const ready = await waitFor(
    async () => {
      if (!(await isAlive(identity))) return false;
      return (await askRedis(own.port, own.password)) === identity.pid ? true : undefined;
    },
    { milliseconds: 20_000 },
  );
  return ready ?? false;
}

function pidFile(dataDir: string): string {
  return join(dataDir, 'redis.pid');
}

async function stopRedis(identity: ProcessIdentity): Promise<void> {
  const gone = await endProcess(identity, [
    { signal: 'SIGTERM', seconds: 10 },
    { signal: 'SIGKILL', seconds: 5 },
  ]);
  if (!gone) throw new ServiceError('redis-failed', `redis-server (process ${identity.pid}) does not stop.`);
}

function service(own: RedisConfiguration, identity: ProcessIdentity, adopted: boolean): RunningService {
  return {
    name: 'redis',
    // The user is named because redis-cli takes an empty name literally.
    url: `redis://default:${own.password}@127.0.0.1:${own.port}`,
    adopted,
    stop: () => stopRedis(identity),
  };
}
