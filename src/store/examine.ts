import type pg from 'pg';
import { FaultError } from '../domain/fault.ts';

/** Who a login is, and which roles it may not take on. */
export type LoginFacts = { user: string; superuser: boolean; missingRoles: readonly string[] };

export type DatabaseFacts = LoginFacts & {
  /** False before the first start has made the tables. */
  migrated: boolean;
  /** Seconds that this machine's clock is ahead of the server's, as near as a round trip tells. */
  aheadSeconds: number;
  /** What a role may do that it must not: `insert on decisions by reign_worker`. */
  forbidden: readonly string[];
  /** One sealed thing for each master key that has sealed something. */
  sealedBy: readonly { masterKey: string; wrapped: string }[];
  lastCheckpoint?: { hash: string; signature: string };
};

/** What the doctor wants to know of a database. Throws FaultError `unreachable` with what mends it. */
export async function examineDatabase(pool: pg.Pool, url: string): Promise<DatabaseFacts> {
  const login = await examineLogin(pool, url);
  try {
    const before = Date.now();
    const { rows } = await pool.query<{ now: Date; migrated: boolean }>(
      `select clock_timestamp() as now, to_regclass('audit_checkpoints') is not null as migrated`,
    );
    const { now = new Date(), migrated = false } = rows[0] ?? {};
    const aheadSeconds = ((before + Date.now()) / 2 - now.getTime()) / 1000;
    const facts = { ...login, migrated, aheadSeconds };
    if (!migrated) return { ...facts, forbidden: [], sealedBy: [] };
    return { ...facts, forbidden: await forbidden(pool), ...(await sealedIn(pool)) };
  } catch (error) {
    throw explained(url, error as Error & { code?: string });
  }
}

/** The same of a login alone. */
export async function examineLogin(pool: pg.Pool, url: string): Promise<LoginFacts> {
  try {
    const { rows } = await pool.query<{ user: string; superuser: boolean; role: string; member: boolean }>(
      `select session_user as user, (select rolsuper from pg_roles where rolname = session_user) as superuser, role,
         coalesce((select pg_has_role(session_user, oid, 'member') from pg_roles where rolname = role), false) as member
       from unnest($1::text[]) as role`,
      [roles],
    );
    const { user = '', superuser = false } = rows[0] ?? {};
    return { user, superuser, missingRoles: rows.filter(({ member }) => !member).map(({ role }) => role) };
  } catch (error) {
    throw explained(url, error as Error & { code?: string });
  }
}

const roles = ['reign_gateway', 'reign_worker'];
/** What nobody but the owner may do, or no worker; the promises of the audit and of decisions rest on it. */
const guarded: readonly { role: string; table: string; rights: readonly string[] }[] = [
  ...roles.flatMap((role) =>
    ['audit_events', 'audit_payloads', 'audit_checkpoints'].map((table) => ({
      ...{ role, table },
      rights: ['update', 'delete', 'truncate'],
    })),
  ),
  { role: 'reign_worker', table: 'decisions', rights: ['insert', 'update', 'delete', 'truncate'] },
  { role: 'reign_worker', table: 'audit_checkpoints', rights: ['insert'] },
  { role: 'reign_gateway', table: 'decisions', rights: ['update', 'delete', 'truncate'] },
];

async function forbidden(pool: pg.Pool): Promise<string[]> {
  const asked = guarded.flatMap(({ role, table, rights }) => rights.map((right) => ({ role, table, right })));
  const { rows } = await pool.query<{ role: string; target: string; right: string }>(
    `select role, target, "right" from unnest($1::text[], $2::text[], $3::text[]) as t(role, target, "right")
       where exists (select from pg_roles where rolname = role) and has_table_privilege(role, target, "right")`,
    [asked.map(({ role }) => role), asked.map(({ table }) => table), asked.map(({ right }) => right)],
  );
  return rows.map(({ role, target, right }) => `${right} on ${target} by ${role}`);
}

async function sealedIn(pool: pg.Pool): Promise<Pick<DatabaseFacts, 'sealedBy' | 'lastCheckpoint'>> {
  const sealed = await pool.query<{ masterKey: string; wrapped: string }>(
    `select distinct on (sealed ->> 'masterKey') sealed ->> 'masterKey' as "masterKey", sealed ->> 'wrapped' as wrapped
       from (select sealed from secrets union all select sealed from found_secrets
         union all select captured -> 'sealed' from steps where captured ? 'sealed') as all_sealed
       where sealed ->> 'masterKey' is not null`,
  );
  const checkpoint = await pool.query<{ hash: string; signature: string }>(
    'select hash, signature from audit_checkpoints order by id desc limit 1',
  );
  const [last] = checkpoint.rows;
  return { sealedBy: sealed.rows, ...(last === undefined ? {} : { lastCheckpoint: last }) };
}

function explained(url: string, { code = '', message }: Error & { code?: string }): FaultError {
  const host = URL.canParse(url) ? new URL(url).host : 'its address';
  return new FaultError(
    'unreachable',
    `Postgres at ${host} says: ${message || code}. ${mend(code, message)}`,
  );
}

function mend(code: string, message: string): string {
  if (code === '28P01' || code === '28000') return 'Put the right name and password into DATABASE_URL.';
  if (code === '3D000') return 'Create that database (createdb), or name another in DATABASE_URL.';
  if (code === '42501')
    return 'That login lacks rights: it must own the schema, or be a member of the roles.';
  if (/does not support SSL/i.test(message)) return 'It speaks no TLS: leave sslmode out of DATABASE_URL.';
  if (/certificate/i.test(message)) return 'Give the authority with sslrootcert=… in DATABASE_URL.';
  return 'Check DATABASE_URL, that it runs, and that it may be reached from here.';
}
