import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { beforeEach, expect, it } from 'vitest';
import { silentLogger, systemClock } from '../../src/domain/ports/runtime.ts';
import type { Sealed } from '../../src/domain/ports/secrets.ts';
import { createPool } from '../../src/store/pool.ts';
import { sealedPlaces } from '../../src/store/rewrap.ts';
import { createStore } from '../../src/store/store.ts';
import { createMasterKeys } from '../../src/vault/master-keys.ts';
import { createSealer } from '../../src/vault/seal.ts';
import { cloneDatabase } from '../support/database.ts';

// A new master key: everything that is sealed is wrapped by it, wherever it lies, while others write.

const key = () => randomBytes(32).toString('base64');
const [oldKey, newKey] = [key(), key()];
const about = (name: string) => ({ name, environment: '*', tool: '*', version: 1 });
const before = createSealer(createMasterKeys({ variable: oldKey, file: '' }));
const both = createSealer(createMasterKeys({ variable: `${newKey},${oldKey}`, file: '' }));
const after = createSealer(createMasterKeys({ variable: newKey, file: '' }));

let owner: pg.Pool;
let gateway: pg.Pool;

beforeEach(async () => {
  const database = await cloneDatabase();
  owner = createPool(database.url, 'owner', 2);
  gateway = createPool(database.url, 'gateway', 2);
  return async () => {
    await Promise.all([owner.end(), gateway.end()]);
    await database.drop();
  };
});

const store = () => createStore(gateway, { clock: systemClock, logger: silentLogger });
const sealedAs = (name: string) => before.seal(`value of ${name}`, about(name));
const rotate = async () => store().rewrapSealed(await both.current(), both.rewrap);

async function put(name: string, given?: Sealed): Promise<void> {
  const sealed = given ?? (await sealedAs(name));
  const values = [name, JSON.stringify(sealed)];
  await owner.query(
    `insert into secrets (name, environment, tool, version, sealed, set_by, set_at) values ($1, '*', '*', 1, $2, 'ada', now())`,
    values,
  );
}

/** One row in each of the other places; their other columns and references do not matter here. */
async function putElsewhere(): Promise<void> {
  const client = await owner.connect();
  try {
    await client.query(`set session_replication_role = replica`);
    const add = async (table: string, given: Record<string, unknown>) => {
      const { rows } = await client.query<{ name: string; type: string }>(
        `select column_name as name, data_type as type from information_schema.columns
         where table_name = $1 and is_nullable = 'NO' and column_default is null`,
        [table],
      );
      const filler: Record<string, unknown> = {
        integer: 1,
        bigint: 1,
        jsonb: '{}',
        boolean: false,
        ARRAY: '{}',
      };
      const fill = (type: string) => filler[type] ?? (type.startsWith('timestamp') ? new Date() : 'x');
      const row = { ...Object.fromEntries(rows.map(({ name, type }) => [name, fill(type)])), ...given };
      const names = Object.keys(row);
      const marks = names.map((_, at) => `$${at + 1}`);
      await client.query(`insert into ${table} (${names}) values (${marks})`, Object.values(row));
    };
    await add('found_secrets', { name: 'f', sealed: JSON.stringify(await sealedAs('f')) });
    await add('terraform_states', {
      connection: 'c',
      version: 1,
      sealed: JSON.stringify(await sealedAs('s')),
    });
    await add('terraform_states', {
      connection: 'c',
      version: 2,
      sealed: JSON.stringify(await sealedAs('s')),
    });
    await add('terraform_plans', { connection: 'c', key: 'k', sealed: JSON.stringify(await sealedAs('p')) });
    await add('steps', { id: 's-1', key: 'k1', captured: JSON.stringify({ sealed: await sealedAs('c') }) });
    await add('steps', { id: 's-2', key: 'k2', captured: null });
    await add('steps', { id: 's-3', key: 'k3', captured: JSON.stringify(null) });
  } finally {
    await client.query(`set session_replication_role = default`).catch(() => undefined);
    client.release();
  }
}

it('everything sealed is wrapped by the new key alone, in batches, and stays what it was', async () => {
  for (let at = 0; at < 120; at += 1) await put(`n${String(at).padStart(3, '0')}`);
  await putElsewhere();
  expect(await rotate()).toEqual({ rewrapped: 125, left: 0 });
  const { rows } = await owner.query<{ name: string; sealed: Sealed }>('select name, sealed from secrets');
  for (const { name, sealed } of rows) expect(await after.open(sealed, about(name))).toBe(`value of ${name}`);
  const others = await owner.query<{ name: string; sealed: Sealed }>(
    `select 'f' as name, sealed from found_secrets union all select 's', sealed from terraform_states
     union all select 'p', sealed from terraform_plans
     union all select 'c', captured -> 'sealed' from steps where id = 's-1'`,
  );
  expect(others.rows).toHaveLength(5);
  for (const { name, sealed } of others.rows)
    expect(await after.open(sealed, about(name))).toBe(`value of ${name}`);
  expect(await rotate()).toEqual({ rewrapped: 0, left: 0 });
});

it('what does not open is left and told, and stops nothing', async () => {
  const lost = createSealer(createMasterKeys({ variable: key(), file: '' }));
  await put('a', await lost.seal('x', about('a')));
  await put('b');
  expect(await rotate()).toMatchObject({ rewrapped: 1, left: 1, why: expect.stringMatching(/is not here/) });
});

it('a row that is written meanwhile stays as it was written', async () => {
  await put('a');
  const newer = JSON.stringify(await both.seal('written meanwhile', about('a')));
  const done = await store().rewrapSealed(await both.current(), async (sealed) => {
    await owner.query('update secrets set sealed = $1', [newer]);
    return both.rewrap(sealed);
  });
  expect(done).toEqual({ rewrapped: 0, left: 0 });
  const { rows } = await owner.query<{ sealed: Sealed }>('select sealed from secrets');
  expect(await after.open(rows[0]?.sealed as Sealed, about('a'))).toBe('written meanwhile');
});

it('knows every place where something sealed is kept', async () => {
  const { rows } = await owner.query<{ place: string }>(
    `select table_name || '.' || column_name as place from information_schema.columns
     where table_schema = 'public' and column_name in ('sealed', 'captured') order by 1`,
  );
  const terraform = ['terraform_plans.sealed', 'terraform_states.sealed'];
  const own = sealedPlaces.filter(({ table }) => table !== 'terraform_wrapped_keys');
  const known = [...own.map(({ table, column }) => `${table}.${column}`), ...terraform].sort();
  expect(rows.map(({ place }) => place)).toEqual(known);
});
