import { statfs } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DetachedProcess } from '../detached.ts';
import { startDetached } from '../detached.ts';
import { lastWords } from '../logs.ts';
import { freePort } from '../ports.ts';
import type { ProcessIdentity } from '../processes.ts';
import { endProcess, isAlive } from '../processes.ts';
import { diskFull, ServiceError } from '../service-error.ts';
import { waitFor } from '../wait.ts';
import type { PostgresBinaries } from './binaries.ts';
import type { PostgresPlace } from './place.ts';
import { findPostmaster, takesSessions } from './postmaster.ts';

/** How long a server may take for recovery after a crash, as long as its process lives. */
const recoveryLimit = 10 * 60 * 1000;

/** Starts the server detached, on its port of last time when that is free, and waits until it takes sessions. */
export async function startServer(
  place: PostgresPlace,
  binaries: PostgresBinaries,
  say: (line: string) => void,
): Promise<{ identity: ProcessIdentity; port: number }> {
  let wanted = place.port;
  let words = '';
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const port = await freePort(wanted);
    const server = await launch(place, binaries, port);
    try {
      if (await waitUntilReady(place, server.identity, say)) return { identity: server.identity, port };
    } catch (error) {
      // It never took a session, so there is nothing to wait for.
      await endProcess(server.identity, [{ signal: 'SIGQUIT', seconds: 10 }]);
      throw error;
    }
    words = await server.output();
    if (/no space left on device|disk quota exceeded/i.test(words)) throw diskFull(place.base);
    if (/could not bind|address already in use/i.test(words)) wanted = undefined;
    else if (/pre-existing shared memory block|lock file .* already exists/i.test(words)) await sleep(1000);
    else break;
  }
  const code = /address already in use/i.test(words) ? 'port-in-use' : 'postgres-failed';
  throw new ServiceError(code, `Postgres did not start: ${lastWords(words)} (its log is ${place.logFile})`);
}

/** True when it takes sessions, after any recovery; false when it ended first. */
export async function waitUntilReady(
  place: PostgresPlace,
  identity: ProcessIdentity,
  say: (line: string) => void,
): Promise<boolean> {
  const begin = Date.now();
  const sayLater = setTimeout(
    () => say('Postgres is still starting (after a crash it recovers first)…'),
    4000,
  );
  try {
    const ready = await waitFor(
      async () => {
        if (!(await isAlive(identity))) return false;
        const server = await findPostmaster(place);
        const isReady = server?.identity.pid === identity.pid && server.state === 'ready';
        if (isReady && (await takesSessions(server.port))) return true;
        // On a full disk recovery fails and is begun again without end, and the log cannot grow to say so.
        if (Date.now() - begin > 2000 && (await isFull(place.base))) throw diskFull(place.base);
        return undefined;
      },
      { milliseconds: recoveryLimit },
    );
    if (ready !== undefined) return ready;
  } finally {
    clearTimeout(sayLater);
  }
  throw new ServiceError(
    'postgres-failed',
    `Postgres (process ${identity.pid}) is not ready after ten minutes; see ${place.logFile}.`,
  );
}

/** Fast shutdown: sessions are ended, everything is written. Immediate (recovery next time) only if it hangs. */
export async function stopServer(identity: ProcessIdentity): Promise<void> {
  const gone = await endProcess(identity, [
    { signal: 'SIGINT', seconds: 30 },
    { signal: 'SIGQUIT', seconds: 10 },
  ]);
  if (!gone) throw new ServiceError('postgres-failed', `Postgres (process ${identity.pid}) does not stop.`);
}

async function launch(
  place: PostgresPlace,
  binaries: PostgresBinaries,
  port: number,
): Promise<DetachedProcess> {
  // A unix socket's path has room for 107 bytes; in a deeper folder TCP alone must do.
  const fits = Buffer.byteLength(`${place.sockets}/.s.PGSQL.65535`) <= 107;
  const sockets = fits ? `"${place.sockets.replaceAll('"', '""')}"` : '';
  return await startDetached({
    command: binaries.postgres,
    arguments: ['-D', place.data, '-p', String(port), '-h', '127.0.0.1', '-k', sockets],
    folder: place.base,
    logFile: place.logFile,
    account: place.account,
  });
}

async function isFull(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize < 1024 * 1024;
}
