import { randomBytes } from 'node:crypto';
import { readIfThere, writePrivately } from '../data-dir.ts';
import type { ProcessIdentity } from '../processes.ts';
import type { RunningService } from '../running-service.ts';
import type { PostgresBinaries } from './binaries.ts';
import { installBinaries } from './binaries.ts';
import { hasCluster, initialise, resetPassword } from './initialise.ts';
import type { PostgresPlace } from './place.ts';
import { choosePostgresPlace, rememberPlace } from './place.ts';
import { clearStalePostmaster, findPostmaster } from './postmaster.ts';
import { postgresUrl } from './running.ts';
import { startServer, stopServer, waitUntilReady } from './server.ts';

/**
 * The embedded Postgres of a data folder (its real path, held by us): the one that runs already is adopted, else it
 * is set up if need be and started detached. Returns when it takes sessions, after any recovery.
 */
export async function startPostgres(dataDir: string, say: (line: string) => void): Promise<RunningService> {
  const place = await choosePostgresPlace(dataDir, say);
  const password = (await readIfThere(place.passwordFile))?.trim();
  const running = await findPostmaster(place);
  if (running && password && running.state !== 'stopping') {
    if (await waitUntilReady(place, running.identity, say)) {
      const port = (await findPostmaster(place))?.port ?? running.port;
      return service(password, port, running.identity, true);
    }
  }
  // Either it was on its way out, or its password is lost and can only be replaced while it is down.
  if (running) await stopServer(running.identity);
  const binaries = await installBinaries(place);
  const newPassword = await prepareCluster(place, binaries, password, say);
  const { identity, port } = await startServer(place, binaries, say);
  await rememberPlace(dataDir, place.base, port);
  return service(newPassword, port, identity, false);
}

async function prepareCluster(
  place: PostgresPlace,
  binaries: PostgresBinaries,
  kept: string | undefined,
  say: (line: string) => void,
): Promise<string> {
  const exists = await hasCluster(place, binaries);
  if (exists) await clearStalePostmaster(place);
  if (exists && kept) return kept;
  const password = kept || randomBytes(24).toString('hex');
  if (exists) {
    say('The password of the embedded Postgres is gone: giving it a new one and keeping the data.');
    await resetPassword(place, binaries, password);
  } else {
    say(`Setting up Postgres in ${place.base} (only this once)…`);
    await initialise(place, binaries, password);
  }
  // Written last: a file that exists is always the password the data has.
  await writePrivately(place.passwordFile, `${password}\n`);
  return password;
}

function service(
  password: string,
  port: number,
  identity: ProcessIdentity,
  adopted: boolean,
): RunningService {
  return {
    name: 'postgres',
    url: postgresUrl(password, port),
    adopted,
    stop: () => stopServer(identity),
  };
}
