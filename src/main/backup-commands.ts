import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { reportInWords } from '../cli/operation-commands.ts';
import { createOutput } from '../cli/output.ts';
import { loadConfig } from '../config/index.ts';
import { FaultError } from '../domain/fault.ts';
import { verifyAudit } from '../engine/verify-audit.ts';
import { embeddedPostgresUrl, startServices } from '../services/index.ts';
import { createAuditSource } from '../store/audit-store.ts';
import { dumpRows, loadRows } from '../store/backup.ts';
import { migrate } from '../store/migrate.ts';
import { connectOwner, createPool } from '../store/pool.ts';
import { loadPublicKey } from '../vault/keys.ts';
import { readAnchors } from './anchor.ts';
import { checkKeys, copyKeys } from './backup-keys.ts';
import { readRows, writeRows } from './backup-rows.ts';
import { packageRoot } from './package-root.ts';

const rowsFile = 'database.jsonl.gz';
const anchorFile = 'audit-anchor.jsonl';

export type BackupOptions = { config?: string; data?: string; json: boolean; masterKey: boolean };
export type RestoreOptions = { data?: string; database?: string; json: boolean };

/** `reign backup`: the database as of one moment, the keys, the anchor and the configuration, into a new folder. */
export async function backup(folder: string, options: BackupOptions): Promise<number> {
  const output = createOutput(options.json);
  const { env } = process;
  const config = loadConfig({ cwd: process.cwd(), env, file: options.config, dataDir: options.data });
  const url = config.databaseUrl ?? (await embeddedPostgresUrl(config.dataDir));
  if (url === undefined)
    throw new FaultError('not-found', 'There is no database: set DATABASE_URL, or start Reign once.');
  await makeEmpty(folder);
  const rows = await withClient(url, (client) => writeRows(path.join(folder, rowsFile), dumpRows(client)));
  await copyKeys(path.join(config.dataDir, 'keys'), path.join(folder, 'keys'), options);
  const keep = async (from: string, name: string) => {
    if (existsSync(from)) await copyFile(from, path.join(folder, name));
  };
  await keep(config.audit.anchorFile ?? path.join(config.dataDir, anchorFile), anchorFile);
  if (config.file !== undefined) await keep(config.file, 'reign.yaml');
  output.event({ type: 'backup', folder, rows });
  output.say(`${rows} rows, keys and configuration are in ${folder}. It holds secrets: keep it like one.`);
  if (!options.masterKey) output.say('The master key is not in it; without it, secrets and undo are lost.');
  return 0;
}

/** `reign restore`: puts a backup into an empty database and a data folder without keys, and verifies the audit. */
export async function restore(folder: string, options: RestoreOptions): Promise<number> {
  const output = createOutput(options.json);
  const { env } = process;
  const dataDir = path.resolve(options.data ?? (env['REIGN_DATA_DIR'] || '.reign'));
  if (!existsSync(path.join(folder, rowsFile)))
    throw new FaultError('not-found', `${folder} holds no ${rowsFile}: is it a backup of Reign?`);
  const keys = path.join(dataDir, 'keys');
  if (existsSync(path.join(keys, 'gateway.key')))
    throw new FaultError('conflict', `${keys} holds keys already. Restore into another folder: --data DIR.`);
  await checkKeys(path.join(folder, 'keys'));
  const databaseUrl = options.database ?? (env['DATABASE_URL'] || undefined);
  const services = await startServices({
    ...{ dataDir, databaseUrl, redisUrl: 'not needed' },
    ...{ install: 'never' as const, say: output.say },
  });
  try {
    await migrate(services.databaseUrl, path.join(packageRoot, 'migrations'));
    const rows = await withClient(services.databaseUrl, (client) =>
      loadRows(client, readRows(path.join(folder, rowsFile))),
    );
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await copyKeys(path.join(folder, 'keys'), keys, { masterKey: true });
    const anchor = path.join(folder, anchorFile);
    if (existsSync(anchor)) await copyFile(anchor, path.join(dataDir, anchorFile));
    const report = await verify(services.databaseUrl, dataDir);
    output.event({ type: 'restore', folder, rows });
    output.event({ type: 'audit-verify', ...report });
    output.say(`${rows} rows are in the database, the keys in ${keys}.`);
    output.say(reportInWords(report));
    return report.ok ? 0 : 1;
  } finally {
    await services.stop();
  }
}

async function verify(databaseUrl: string, dataDir: string) {
  const pool = createPool(databaseUrl, 'gateway', 1);
  try {
    const verifier = { verify: await loadPublicKey(path.join(dataDir, 'keys')) };
    return await verifyAudit(
      createAuditSource(pool),
      verifier,
      await readAnchors(path.join(dataDir, anchorFile)),
    );
  } finally {
    await pool.end();
  }
}

async function makeEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0)
    throw new FaultError('conflict', `${folder} is not empty. Name a new folder.`);
  await chmod(folder, 0o700);
}

async function withClient<T>(
  url: string,
  work: (client: Awaited<ReturnType<typeof connectOwner>>) => Promise<T>,
): Promise<T> {
  const client = await connectOwner(url);
  return work(client).finally(() => client.end());
}
