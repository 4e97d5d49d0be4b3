import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../../config/index.ts';
import { toFault } from '../../domain/fault.ts';
import type { KeyWrapper } from '../../domain/ports/secrets.ts';
import { type DatabaseFacts, examineDatabase, examineLogin, type LoginFacts } from '../../store/examine.ts';
import { createPool } from '../../store/pool.ts';
import { loadPublicKey } from '../../vault/keys.ts';
import { type Check, wrong } from './check.ts';

/** A step's lease is compared with the server's clock: seconds. */
const mostAheadSeconds = 2;

/** Postgres: whether it answers, the clocks, the roles' rights, and whether the keys here are those that were used. */
export async function checkDatabase(
  config: Pick<Config, 'dataDir' | 'workerDatabaseUrl' | 'gatewayDatabaseUrl'>,
  url: string,
  keys: { wrapper: KeyWrapper; ownFile: string | undefined },
  check: Check,
): Promise<void> {
  let facts: DatabaseFacts | undefined;
  await check('postgres', async () => {
    facts = await examine(url, examineDatabase);
    const { user, migrated } = facts;
    return `${new URL(url).host} as ${user}${migrated ? '' : '; the first start makes the tables'}`;
  });
  if (facts === undefined) return;
  const { aheadSeconds } = facts;
  await check('clock', () => clock(aheadSeconds));
  if (!facts.migrated) return;
  const found = facts;
  await check('postgres roles', () => rolesOf(config, found));
  await check('audit tables', () => auditTables(found));
  await check('master key', () => masterKey(found, keys));
  await check('gateway key', () => gatewayKey(config.dataDir, found));
}

async function examine<Facts>(
  url: string,
  look: (pool: ReturnType<typeof createPool>, url: string) => Promise<Facts>,
): Promise<Facts> {
  const pool = createPool(url, 'owner', 1);
  return look(pool, url).finally(() => pool.end());
}

function clock(aheadSeconds: number): string {
  const seconds = Math.abs(aheadSeconds);
  if (seconds <= mostAheadSeconds) return `${seconds.toFixed(1)} s apart from Postgres`;
  const which = aheadSeconds > 0 ? 'ahead of' : 'behind';
  throw wrong(
    `This machine's clock is ${seconds.toFixed(0)} s ${which} that of Postgres, and leases would end at the wrong time.`,
    'Set both by NTP: `timedatectl set-ntp true`.',
  );
}

/** Logins of their own must be able to take on their role, and be no more than that. */
async function rolesOf(
  { workerDatabaseUrl, gatewayDatabaseUrl }: Pick<Config, 'workerDatabaseUrl' | 'gatewayDatabaseUrl'>,
  facts: DatabaseFacts,
): Promise<string> {
  const logins = [
    { role: 'reign_gateway', setting: 'gateway.database.url', url: gatewayDatabaseUrl },
    { role: 'reign_worker', setting: 'worker.database.url', url: workerDatabaseUrl },
  ];
  const said: string[] = [];
  for (const { role, setting, url } of logins) {
    const login: LoginFacts = url === undefined ? facts : await examine(url, examineLogin);
    const { user, superuser, missingRoles } = login;
    if (missingRoles.includes(role))
      throw wrong(`${user} may not take on ${role}.`, `As the owner: grant ${role} to "${user}";`);
    if (url !== undefined && superuser)
      throw wrong(
        `${user} of ${setting} is a superuser and may do everything, the audit included.`,
        `As a superuser: create role reign_${role.slice(6)}_login login in role ${role}; and use that one.`,
      );
    said.push(`${role} by ${user}`);
  }
  return said.join(', ');
}

function auditTables({ forbidden }: DatabaseFacts): string {
  if (forbidden.length === 0) return 'no role can change what was recorded, and no worker can decide';
  const mend = forbidden.map((each) => `revoke ${each.replace(' by ', ' from ')};`).join(' ');
  throw wrong(`Roles may do what they must not: ${forbidden.join('; ')}.`, `As the owner: ${mend}`);
}

async function masterKey(
  { sealedBy }: DatabaseFacts,
  { wrapper, ownFile }: { wrapper: KeyWrapper; ownFile: string | undefined },
): Promise<string> {
  if (sealedBy.length === 0) return 'nothing is sealed yet';
  if (ownFile !== undefined && !existsSync(ownFile))
    throw wrong(
      `${ownFile} is missing, and ${sealedBy.length} master key(s) have sealed secrets or undo.`,
      `Restore it from the backup, or set REIGN_MASTER_KEY: cp /somewhere/safe/keys/master.key ${ownFile}`,
    );
  for (const { masterKey, wrapped } of sealedBy) {
    await wrapper.unwrap(masterKey, wrapped).catch((error: unknown) => {
      throw wrong(
        `What ${masterKey} has sealed does not open here: ${toFault(error).message}`,
        'Gateways and workers need the same master key: copy keys/master.key, or set the same REIGN_MASTER_KEY.',
      );
    });
  }
  return `opens what is sealed (${sealedBy.map(({ masterKey }) => masterKey).join(', ')})`;
}

async function gatewayKey(dataDir: string, { lastCheckpoint }: DatabaseFacts): Promise<string> {
  const folder = path.join(dataDir, 'keys');
  const verify = await loadPublicKey(folder);
  if (lastCheckpoint === undefined) return 'no checkpoint has been signed yet';
  if (verify(lastCheckpoint.hash, lastCheckpoint.signature)) return 'has signed the last checkpoint';
  throw wrong(
    `${folder}/gateway.pub is not of the key that signed the last checkpoint: a worker with it refuses every approval.`,
    `Copy gateway.pub from the gateway's data folder to ${folder}.`,
  );
}
