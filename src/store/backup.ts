import type pg from 'pg';
import { FaultError } from '../domain/fault.ts';

/** Rows, and about how many characters of them, that are read and written at a time: some rows are a state of 64 MB. */
const mostRows = 500;
const pageLength = 8_000_000;

/** `name` of the table and the row as JSON text, as Postgres wrote it. Never parsed: no number loses a digit. */
export type BackupLine = { table: string; row: string };

const sequences = 'sequences';
const schemaTable = 'reign_schema';

/**
 * Every row of every table, and where the sequences stand, as of one moment, in an order in which they can be put back.
 * The first lines are the migrations that were applied.
 */
export async function* dumpRows(client: pg.ClientBase): AsyncIterable<BackupLine> {
  await client.query('begin isolation level repeatable read read only');
  try {
    for (const { table, newestLast } of [
      { table: schemaTable },
      ...(await tablesInOrder(client)),
    ] as Table[]) {
      const order = newestLast ? 'order by created_at' : '';
      await client.query(
        `declare reign_backup cursor for select row_to_json(t)::text as row from "${table}" t ${order}`,
      );
      for (let page = 8; ; ) {
        const { rows } = await client.query<{ row: string }>(`fetch ${page} from reign_backup`);
        yield* rows.map(({ row }) => ({ table, row }));
        if (rows.length < page) break;
        const length = rows.reduce((sum, { row }) => sum + row.length, 0);
        page = Math.max(1, Math.min(mostRows, 4 * page, Math.floor((page * pageLength) / length)));
      }
      await client.query('close reign_backup');
    }
    const { rows } = await client.query<{ row: string }>(
      `select json_build_object('name', sequencename, 'value', last_value)::text as row from pg_sequences
       where schemaname = 'public' and last_value is not null`,
    );
    for (const { row } of rows) yield { table: sequences, row };
  } finally {
    await client.query('rollback');
  }
}

/**
 * Puts rows of `dumpRows` into a database that has the schema and nothing else, in one transaction.
 * @throws FaultError `conflict` where something is there already, or the schema is another one.
 */
export async function loadRows(client: pg.ClientBase, lines: AsyncIterable<BackupLine>): Promise<number> {
  await client.query('begin');
  try {
    await demandEmpty(client);
    let count = 0;
    const applied: string[] = [];
    let batch: BackupLine[] = [];
    let length = 0;
    const write = async () => {
      if (batch.length > 0) await insert(client, batch);
      count += batch.length;
      batch = [];
      length = 0;
    };
    for await (const line of lines) {
      if (line.table === schemaTable) applied.push(line.row);
      else if (line.table === sequences) await setSequence(client, line.row);
      else {
        const full = batch.length === mostRows || length + line.row.length > pageLength;
        if (full || batch[0]?.table !== line.table) await write();
        batch.push(line);
        length += line.row.length;
      }
    }
    await write();
    await demandSameSchema(client, applied);
    await client.query('commit');
    return count;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

type Table = { table: string; newestLast?: boolean };

/** What others refer to comes before them; a table that refers to itself, with its oldest rows first. */
async function tablesInOrder(client: pg.ClientBase): Promise<Table[]> {
  const { rows } = await client.query<{ table: string; needs: string[] }>(
    `select c.relname as table, coalesce(array_agg(f.confrelid::regclass::text) filter (where f.oid is not null), '{}') as needs
     from pg_class c left join pg_constraint f on f.conrelid = c.oid and f.contype = 'f'
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname <> $1 group by c.relname order by 1`,
    [schemaTable],
  );
  const ordered: Table[] = [];
  let left = rows;
  while (left.length > 0) {
    const missing = new Set(left.map(({ table }) => table));
    const next = left.filter(({ table, needs }) =>
      needs.every((need) => need === table || !missing.has(need)),
    );
    if (next.length === 0) throw new FaultError('internal', 'Tables refer to each other in a circle.');
    ordered.push(...next.map(({ table, needs }) => ({ table, newestLast: needs.includes(table) })));
    left = left.filter((row) => !next.includes(row));
  }
  return ordered;
}

async function insert(client: pg.ClientBase, batch: readonly BackupLine[]): Promise<void> {
  const table = client.escapeIdentifier(batch[0]?.table ?? '');
  const rows = `[${batch.map(({ row }) => row).join(',')}]`;
  await client.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1::json)`, [
    rows,
  ]);
}

async function setSequence(client: pg.ClientBase, row: string): Promise<void> {
  const set = `select setval(format('public.%I', $1::json ->> 'name')::regclass, ($1::json ->> 'value')::bigint)`;
  await client.query(set, [row]);
}

async function demandEmpty(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query(
    'select 1 from audit_heads union all select 1 from conversations limit 1',
  );
  if (rows.length === 0) return;
  throw new FaultError('conflict', 'That database holds a Reign already. Restore into an empty one.');
}

async function demandSameSchema(client: pg.ClientBase, applied: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ version: number; hash: string }>(
    'select version, hash from reign_schema',
  );
  const mark = (all: readonly { version: number; hash: string }[]) =>
    all
      .map(({ version, hash }) => `${version} ${hash}`)
      .sort()
      .join();
  if (mark(rows) === mark(applied.map((row) => JSON.parse(row)))) return;
  throw new FaultError(
    'conflict',
    'The backup was made by a Reign of another version. Restore it with that version, and then upgrade.',
  );
}
