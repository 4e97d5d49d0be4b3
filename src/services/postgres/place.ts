import { createHash } from 'node:crypto';
import { access, chown, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Account } from '../accounts.ts';
import { accountFor, accountOfUser, canEnter } from '../accounts.ts';
import { isRoot, makeFolder, readIfThere, readRecord, writePrivately } from '../data-dir.ts';
import { explainFileError, ServiceError } from '../service-error.ts';

/** Where one embedded Postgres lives and under whom it runs. */
export interface PostgresPlace {
  base: string;
  data: string;
  sockets: string;
  logFile: string;
  passwordFile: string;
  /** Undefined: as ourselves. */
  account: Account | undefined;
  /** The port it had last time. */
  port: number | undefined;
}

/** Where root puts the data when the account of Postgres cannot enter the data folder. */
const elsewhere = '/var/lib/reign';

/**
 * Chooses the folder of the embedded Postgres: `<dataDir>/postgres`, or, when we are root and the unprivileged
 * account cannot get there, `/var/lib/reign/<hash of dataDir>`. The choice is kept in `<dataDir>/postgres.json`.
 */
export async function choosePostgresPlace(
  dataDir: string,
  say: (line: string) => void,
): Promise<PostgresPlace> {
  const record = await readRecord(recordFile(dataDir));
  const known =
    typeof record?.base === 'string' && (await belongsTo(record.base, dataDir)) ? record.base : undefined;
  const port = typeof record?.port === 'number' ? record.port : undefined;
  const account = await chooseAccount(known ?? join(dataDir, 'postgres'));
  if (known && account) await mustEnter(account, dirname(known));
  const base = known ?? (await chooseBase(dataDir, account, say));
  try {
    if (base.startsWith(`${elsewhere}/`)) {
      await mkdir(dirname(elsewhere), { recursive: true });
      await makeFolder(elsewhere, 0o755);
    }
    await makeFolder(base, 0o700);
    await makeFolder(join(base, 'sockets'), 0o700);
    if (account) await chown(base, account.uid, account.gid);
    if (account) await chown(join(base, 'sockets'), account.uid, account.gid);
    await writePrivately(join(base, 'owner'), `${dataDir}\n`);
  } catch (error) {
    throw explainFileError(error, base);
  }
  const place: PostgresPlace = {
    base,
    data: join(base, 'data'),
    sockets: join(base, 'sockets'),
    logFile: join(dataDir, 'logs', 'postgres.log'),
    passwordFile: join(dataDir, 'postgres-password'),
    account,
    port,
  };
  if (record?.base !== base) await rememberPlace(dataDir, base, port);
  return place;
}

/** Keeps place and port for the next start. */
export async function rememberPlace(dataDir: string, base: string, port: number | undefined): Promise<void> {
  await writePrivately(recordFile(dataDir), `${JSON.stringify({ base, port })}\n`);
}

function recordFile(dataDir: string): string {
  return join(dataDir, 'postgres.json');
}

/** A copied data folder must not share the original's database; a moved one keeps its own. */
async function belongsTo(base: string, dataDir: string): Promise<boolean> {
  if (base === join(dataDir, 'postgres')) return true;
  if (!base.startsWith(`${elsewhere}/`)) return false;
  const owner = (await readIfThere(join(base, 'owner')))?.trim();
  if (owner === undefined) return false;
  return (
    owner === dataDir ||
    !(await access(recordFile(owner)).then(
      () => true,
      () => false,
    ))
  );
}

/** Data that is there already is served by whoever owns it, since Postgres insists on that. */
async function chooseAccount(base: string): Promise<Account | undefined> {
  if (!isRoot()) return undefined;
  const owner = await stat(join(base, 'data')).then(
    (found) => found.uid,
    () => 0,
  );
  const account = (owner > 0 ? await accountOfUser(owner) : undefined) ?? (await accountFor(['postgres']));
  if (account !== 'none') return account;
  throw new ServiceError(
    'no-unprivileged-account',
    'Postgres refuses to run as root, and this machine has neither an account "postgres" nor "nobody". ' +
      'Run Reign as an ordinary user, or set DATABASE_URL to a Postgres of your own.',
  );
}

/** The data was set up where its account could go, and somebody has closed the folder since. */
async function mustEnter(account: Account, folder: string): Promise<void> {
  if (await canEnter(account, folder)) return;
  throw new ServiceError(
    'data-of-another-user',
    `The account "${account.name}", under which Postgres runs here, can no longer enter ${folder}. ` +
      `Let it pass through: chmod o+x ${folder} (and the folders above it).`,
  );
}

async function chooseBase(
  dataDir: string,
  account: Account | undefined,
  say: (line: string) => void,
): Promise<string> {
  if (!account || (await canEnter(account, dataDir))) return join(dataDir, 'postgres');
  const real = await realpath(dataDir);
  const base = join(elsewhere, createHash('sha256').update(real).digest('hex').slice(0, 16));
  const found = await access(join(base, 'data')).then(
    () => true,
    () => false,
  );
  say(
    `Postgres cannot run as root, and its account "${account.name}" cannot enter ${real}: ` +
      `its data ${found ? 'from before is' : 'goes'} in ${base}.`,
  );
  return base;
}
