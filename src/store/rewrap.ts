import { type SQL, sql } from 'drizzle-orm';
import { toFault } from '../domain/fault.ts';
import type { Sealed } from '../domain/ports/secrets.ts';
import type { Database } from './store.ts';

/** Rows at a time; their keys may be wrapped by another system, one request each. */
const batchRows = 50;

/** Every place where something sealed is kept: the table, its key, and where in the row it is. */
export const sealedPlaces = [
  { table: 'secrets', key: ['name', 'environment', 'tool'], column: 'sealed' },
  { table: 'found_secrets', key: ['name'], column: 'sealed' },
  // Of terraform_states and terraform_plans a gateway sees the wrapped keys alone.
  { table: 'terraform_wrapped_keys', key: ['place', 'id'], column: 'sealed', byFunction: true },
  { table: 'steps', key: ['id'], column: 'captured', below: 'sealed' },
] as const;

type Place = { table: string; key: readonly string[]; column: string; below?: string; byFunction?: true };
type Row = { sealed: Sealed } & Record<string, unknown>;

/**
 * Wraps the data keys of everything that is sealed under another master key anew, in batches and without a lock: a row
 * that is written meanwhile is left as it was written. `left` is what did not open or was written under an old key.
 */
export async function rewrapAll(
  database: Database,
  masterKey: string,
  rewrap: (sealed: Sealed) => Promise<Sealed>,
): Promise<{ rewrapped: number; left: number; why?: string }> {
  const done: { rewrapped: number; left: number; why?: string } = { rewrapped: 0, left: 0 };
  for (const place of sealedPlaces) {
    for (let last: Row | undefined, more = true; more; ) {
      const rows = await batch(database, place, masterKey, last);
      const outcomes = await Promise.all(
        rows.map(async (row) => {
          try {
            return await replace(database, place, row, await rewrap(row.sealed));
          } catch (error) {
            done.why ??= toFault(error).message;
            return 0;
          }
        }),
      );
      done.rewrapped += outcomes.reduce((sum, each) => sum + each, 0);
      last = rows.at(-1);
      more = rows.length === batchRows;
    }
    done.left += await countLeft(database, place, masterKey);
  }
  return done;
}

async function batch(database: Database, place: Place, masterKey: string, last: Row | undefined) {
  const keys = list(place.key.map((each) => sql.identifier(each)));
  const after =
    last === undefined ? sql`` : sql` and (${keys}) > (${list(place.key.map((each) => sql`${last[each]}`))})`;
  const { rows } = await database.execute<Row>(sql`
    select ${keys}, ${sealedIn(place)} as sealed from ${sourceOf(place)}
    where ${isOld(place, masterKey)}${after} order by ${keys} limit ${batchRows}`);
  return rows;
}

async function replace(database: Database, place: Place, row: Row, sealed: Sealed): Promise<number> {
  if (place.byFunction) return replaceTerraform(database, row, sealed);
  const column = sql.identifier(place.column);
  const next = JSON.stringify(place.below === undefined ? sealed : { [place.below]: sealed });
  const same = place.key.map((each) => sql`${sql.identifier(each)} = ${row[each]}`);
  const { rowCount } = await database.execute(sql`
    update ${sql.identifier(place.table)} set ${column} = ${next}::jsonb
    where ${sql.join(same, sql` and `)} and ${sealedIn(place)} = ${JSON.stringify(row.sealed)}::jsonb`);
  return rowCount ?? 0;
}

async function replaceTerraform(database: Database, row: Row, sealed: Sealed): Promise<number> {
  const [before, after] = [JSON.stringify(row.sealed), JSON.stringify(sealed)];
  const { rows } = await database.execute<{ changed: number }>(
    sql`select rewrap_terraform(${row['place']}, ${row['id']}, ${before}::jsonb, ${after}::jsonb) as changed`,
  );
  return rows[0]?.changed ?? 0;
}

async function countLeft(database: Database, place: Place, masterKey: string): Promise<number> {
  const { rows } = await database.execute<{ count: number }>(sql`
    select count(*)::integer as count from ${sourceOf(place)} where ${isOld(place, masterKey)}`);
  return rows[0]?.count ?? 0;
}

function isOld(place: Place, masterKey: string): SQL {
  return sql`${sealedIn(place)} ->> 'masterKey' <> ${masterKey}`;
}

function sourceOf({ table, byFunction }: Place): SQL {
  return byFunction ? sql`${sql.identifier(table)}()` : sql`${sql.identifier(table)}`;
}

function sealedIn({ column, below }: Place): SQL {
  const whole = sql.identifier(column);
  return below === undefined ? sql`${whole}` : sql`(${whole} -> ${sql.raw(`'${below}'`)})`;
}

function list(parts: readonly unknown[]): SQL {
  return sql.join(
    parts.map((part) => sql`${part}`),
    sql`, `,
  );
}
