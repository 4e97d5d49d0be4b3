import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { chainStart, rowHash } from '../../src/domain/audit.ts';
import { canonicalJson, sha256 } from '../../src/domain/json.ts';
import { silentLogger, systemClock } from '../../src/domain/ports/runtime.ts';
import { takeCheckpoint } from '../../src/engine/checkpoint.ts';
import type { AuditReport } from '../../src/engine/verify-audit.ts';
import { verifyAudit } from '../../src/engine/verify-audit.ts';
import { fileAnchor, readAnchors } from '../../src/main/anchor.ts';
import * as alertSchema from '../../src/store/alert-schema.ts';
import { createAuditSource, createCheckpointStore } from '../../src/store/audit-store.ts';
import * as investigationSchema from '../../src/store/investigation-schema.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createPool, type DatabaseRole } from '../../src/store/pool.ts';
import * as ownSchema from '../../src/store/schema.ts';
import * as secretSchema from '../../src/store/secret-schema.ts';
import { createStore } from '../../src/store/store.ts';
import * as terraformSchema from '../../src/store/terraform-schema.ts';
import { loadSigningKey, type SigningKey } from '../../src/vault/keys.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';

const migrations = path.resolve(import.meta.dirname, '../../migrations');

let database: TestDatabase;
const pools = new Map<DatabaseRole, pg.Pool>();
const as = (role: DatabaseRole) => pools.get(role) as pg.Pool;

beforeEach(async () => {
  database = await cloneDatabase();
  for (const role of ['owner', 'gateway', 'worker'] as const)
    pools.set(role, createPool(database.url, role, 4));
  return async () => {
    await Promise.all([...pools.values()].map((pool) => pool.end()));
    await database.drop();
  };
});

const schema = {
  ...ownSchema,
  ...alertSchema,
  ...investigationSchema,
  ...secretSchema,
  ...terraformSchema,
};

describe('the schema in code', () => {
  it('is the one that the migrations make', async () => {
    const tables = Object.values(schema).map((table) => getTableConfig(table as PgTable));
    const inCode = tables.flatMap(({ name, columns }) =>
      columns.map(
        (column) =>
          `${name}.${column.name} ${typeOf(column.getSQLType())} ${column.notNull ? 'not null' : 'null'}`,
      ),
    );
    const { rows } = await as('owner').query<{ line: string }>(
      `select table_name || '.' || column_name || ' '
         || case data_type when 'ARRAY' then ltrim(udt_name, '_') || '[]' else data_type end || ' '
         || case is_nullable when 'NO' then 'not null' else 'null' end as line
       from information_schema.columns where table_schema = 'public' and table_name <> 'reign_schema'`,
    );
    expect(inCode.sort()).toEqual(rows.map(({ line }) => line).sort());
  });

  const typeOf = (type: string) =>
    type.replace(/^timestamp( \(\d\))? with time zone$/, 'timestamp with time zone');
});

describe('roles', () => {
  const refused = (role: DatabaseRole, statement: string) =>
    expect(as(role).query(statement), `${role}: ${statement}`).rejects.toMatchObject({ code: '42501' });

  it.each(['gateway', 'worker', 'owner'] as const)('%s cannot change what was recorded', async (role) => {
    for (const table of ['audit_events', 'audit_checkpoints', 'decisions']) {
      const column = table === 'decisions' ? 'signature' : 'hash';
      await refused(role, `update ${table} set ${column} = 'x'`);
      await refused(role, `delete from ${table}`);
      await refused(role, `truncate ${table}`);
    }
  });

  it('of a worker cannot decide, sign in, freeze or checkpoint', async () => {
    await refused(
      'worker',
      `insert into decisions values ('d', 'p', 1, 'x', 'bob', 'approve', 'button', null, 'now', 's')`,
    );
    await refused('worker', 'select * from sessions');
    await refused('worker', 'select * from sign_in_links');
    await refused('worker', `insert into sessions values ('t', 'bob', now(), now())`);
    await refused(
      'worker',
      `insert into freezes (id, scope, reason, frozen_by, frozen_at) values ('f', 's', 'r', 'b', now())`,
    );
    await refused('worker', `update freezes set ended_at = now()`);
    await refused('worker', `insert into audit_checkpoints values (1, 'now', 'x', '[]', 'x', 'x')`);
  });

  it.each(['gateway', 'worker'] as const)(
    'of a %s writes the audit only through its function',
    async (role) => {
      await refused(role, `insert into audit_events values ('messages', 1, 'a', 't', 'a', 'p', 'p', 'h')`);
      await refused(role, `insert into audit_payloads values ('messages', 1, '{}')`);
      await refused(role, `delete from audit_payloads`);
      await refused(role, `update audit_payloads set payload = '{}'`);
      await refused(role, `update audit_heads set seq = 0, hash = 'x'`);
      await refused(role, `delete from audit_heads`);
      await refused(role, `delete from plans`);
      await refused(role, `delete from steps`);
      await refused(role, `create table mine ()`);
      await refused(role, `alter table decisions disable trigger all`);
    },
  );
});

describe('the audit', () => {
  let folder: string;
  let key: SigningKey;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'reign-test-store-'));
    key = await loadSigningKey(path.join(folder, 'keys'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  beforeEach(() => rm(path.join(folder, 'anchor'), { force: true }));

  const anchorFile = () => path.join(folder, 'anchor');
  const say = async (count: number) => {
    const store = createStore(as('worker'), { clock: systemClock, logger: silentLogger });
    for (let index = 0; index < count; index++) {
      await store.transaction(async (tx) => {
        tx.audit('plan:p-a', 'plan.noted', 'alice', { index, words: 'größer → 6 🚀 \u202Eשלום\n"quoted"' });
        tx.audit('messages', 'message.received', 'bob', { index });
      });
    }
  };
  const checkpoint = () =>
    takeCheckpoint(createCheckpointStore(as('gateway')), {
      signer: key,
      anchor: fileAnchor(anchorFile()),
      clock: systemClock,
    });
  const verify = async (): Promise<AuditReport> =>
    verifyAudit(createAuditSource(as('gateway')), key, await readAnchors(anchorFile()));
  /** What only somebody who owns the server can do. */
  const tamper = (...statements: string[]) =>
    as('owner').query(
      ['set session_replication_role = replica', ...statements, 'set session_replication_role = origin'].join(
        ';',
      ),
    );
  const found = async (where: string, what: string) => {
    expect(await verify()).toMatchObject({
      ok: false,
      problem: { where, what: expect.stringContaining(what) },
    });
  };

  it('is hashed by the database as by the code, whatever is written in it', async () => {
    await say(3);
    const { rows } = await as('owner').query(
      `select e.*, e.seq::float8 as seq, p.payload from audit_events e join audit_payloads p using (chain, seq) order by e.chain, e.seq`,
    );
    expect(rows).toHaveLength(6);
    let previous = chainStart;
    for (const row of rows) {
      if (row.seq === 1) previous = chainStart;
      const { chain, seq, at, type, actor, payload } = row;
      const payloadHash = sha256(payload);
      expect(canonicalJson(JSON.parse(payload))).toBe(payload);
      expect(row.payload_hash).toBe(payloadHash);
      expect(row.hash).toBe(rowHash({ chain, seq, at, type, actor, payloadHash, previous }));
      previous = row.hash;
    }
    expect(JSON.parse(rows[5].payload).words).toBe('größer → 6 🚀 \u202Eשלום\n"quoted"');
  });

  it('holds when nobody touched it, also when many write at once', async () => {
    await Promise.all([say(10), say(10), say(10)]);
    await checkpoint();
    expect(await verify()).toEqual({ ok: true, rows: 60, chains: 2, checkpoints: 1, erasedPayloads: 0 });
    await tamper(`delete from audit_payloads where chain = 'messages' and seq < 4`);
    expect(await verify()).toMatchObject({ ok: true, erasedPayloads: 3 });
  });

  it('names the first row that was changed', async () => {
    await say(3);
    await checkpoint();
    await tamper(`update audit_events set actor = 'mallory' where chain = 'plan:p-a' and seq = 2`);
    await found('plan:p-a row 2', 'its hash does not match');
    await tamper(`update audit_events set actor = 'alice' where chain = 'plan:p-a' and seq = 2`);
    expect((await verify()).ok).toBe(true);
    await tamper(`update audit_payloads set payload = '{"index":9}' where chain = 'messages' and seq = 3`);
    await found('messages row 3', 'payload was changed');
  });

  it('finds a chain that was rewritten from one row on', async () => {
    await say(2);
    await checkpoint();
    const { rows } = await as('owner').query(
      `select * from audit_events where chain = 'messages' and seq = 2`,
    );
    const { chain, at, type, previous } = rows[0];
    const payloadHash = sha256('{}');
    const hash = rowHash({ chain, seq: 2, at, type, actor: 'mallory', payloadHash, previous });
    await tamper(
      `update audit_payloads set payload = '{}' where chain = 'messages' and seq = 2`,
      `update audit_events set actor = 'mallory', payload_hash = '${payloadHash}', hash = '${hash}' where chain = 'messages' and seq = 2`,
    );
    await found('messages row 2', 'a signed checkpoint saw another row');
  });

  it('finds rows and chains that are gone', async () => {
    await say(3);
    await checkpoint();
    await tamper(`delete from audit_events where chain = 'messages' and seq = 2`);
    await found('messages row 3', 'row 2 is missing');
    await tamper(`delete from audit_events where chain = 'messages' and seq > 1`);
    await found('messages row 2', 'rows are missing');
    await tamper(`delete from audit_events where chain = 'messages'`);
    await found('messages row 1', 'rows are missing');
  });

  it('finds checkpoints that were changed, forged or taken away', async () => {
    await say(1);
    await checkpoint();
    await say(1);
    await checkpoint();
    const original = await as('owner').query('select * from audit_checkpoints where id = 1');
    await tamper(`update audit_checkpoints set heads = '[]' where id = 1`);
    await found('checkpoint 1', 'it was changed');
    await tamper(
      `update audit_checkpoints set heads = '${JSON.stringify(original.rows[0].heads)}', signature = repeat('A', 86) where id = 1`,
    );
    await found('checkpoint 1', 'signature');
    await tamper(`update audit_checkpoints set signature = '${original.rows[0].signature}' where id = 1`);
    expect((await verify()).ok).toBe(true);
    // The tail and the checkpoint that saw it: only the anchor outside Postgres still knows.
    await tamper('delete from audit_checkpoints where id = 2', 'delete from audit_events where seq > 1');
    await found('checkpoint 2', 'anchored and is missing');
    await tamper('truncate audit_checkpoints', 'truncate audit_events');
    await found('checkpoint 1', 'anchored and is missing');
  });

  it('finds a checkpoint that another key signed in place of the anchored one', async () => {
    await say(1);
    await checkpoint();
    const text = await readFile(anchorFile(), 'utf8');
    await writeFile(anchorFile(), text.replace(/"hash":"./, '"hash":"g'));
    await found('checkpoint 1', 'differs from the one that was anchored');
    await writeFile(anchorFile(), text);
    await appendFile(anchorFile(), '{"id":2,"ha');
    expect((await verify()).ok).toBe(true);
  });
});

describe('migrations', () => {
  const newer = (breaking: boolean) =>
    as('owner').query(
      `insert into reign_schema (version, name, hash, breaking) values (9000, '9000_future.sql', 'x', $1)`,
      [breaking],
    );

  it('of a newer Reign stop an older one only where they break it', async () => {
    expect(await migrate(database.url, migrations)).toEqual([]);
    await newer(false);
    expect(await migrate(database.url, migrations)).toEqual([]);
    await as('owner').query('delete from reign_schema where version = 9000');
    await newer(true);
    await expect(migrate(database.url, migrations)).rejects.toThrow(
      'The database was changed by a newer Reign (9000_future.sql); this version cannot use it.',
    );
  });

  it('that were applied with another content are refused', async () => {
    await as('owner').query(`update reign_schema set hash = 'x' where version = 1`);
    await expect(migrate(database.url, migrations)).rejects.toThrow('was applied with another content');
  });

  it('are applied once by processes that start at the same moment', async () => {
    const server = inject('postgresUrl');
    const admin = createPool(server, 'owner', 1);
    const name = `${new URL(database.url).pathname.slice(1)}_empty`;
    const address = new URL(server);
    address.pathname = `/${name}`;
    await admin.query(`create database ${name}`);
    try {
      const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(address.href, migrations)));
      const files = (await readdir(migrations)).filter((file) => file.endsWith('.sql'));
      expect(applied.flat().sort()).toEqual(files.map((file) => Number(file.slice(0, 4))).sort());
    } finally {
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    }
  });

  it('say when Postgres is not there', async () => {
    await expect(migrate('postgres://127.0.0.1:1/none', migrations)).rejects.toThrow(
      'Postgres cannot be reached',
    );
  });
});
