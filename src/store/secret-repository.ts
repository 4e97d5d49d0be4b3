import { and, asc, eq, lt } from 'drizzle-orm';
import type { Queries, Transaction } from '../engine/ports.ts';
import { foundSecrets, secrets } from './secret-schema.ts';
import type { Database } from './store.ts';

type InTransaction = Pick<
  Transaction,
  'lockSecret' | 'putSecret' | 'removeSecret' | 'keepFoundSecret' | 'forgetFoundSecrets'
>;

/** Sealed secrets; nothing here can open one. */
export function secretRepository(database: Database, now: Date): InTransaction {
  const is = ({ name, environment, tool }: { name: string; environment: string; tool: string }) =>
    and(eq(secrets.name, name), eq(secrets.environment, environment), eq(secrets.tool, tool));
  return {
    async lockSecret(about) {
      const [row] = await database.select().from(secrets).where(is(about)).for('update');
      return row;
    },
    async putSecret({ name, environment, tool, version, sealed, refersTo, setBy }) {
      const set = { version, sealed, refersTo, setBy, setAt: now };
      await database
        .insert(secrets)
        .values({ name, environment, tool, ...set })
        .onConflictDoUpdate({ target: [secrets.name, secrets.environment, secrets.tool], set });
    },
    async removeSecret(about) {
      const result = await database.delete(secrets).where(is(about));
      return result.rowCount === 1;
    },
    async keepFoundSecret(found) {
      await database.insert(foundSecrets).values({ ...found, foundAt: now });
    },
    async forgetFoundSecrets(before) {
      await database.delete(foundSecrets).where(lt(foundSecrets.foundAt, before));
    },
  };
}

export function secretQueries(database: Database): Pick<Queries, 'secrets' | 'foundSecret'> {
  return {
    secrets: () =>
      database.select().from(secrets).orderBy(asc(secrets.name), asc(secrets.environment), asc(secrets.tool)),
    async foundSecret(name) {
      const [row] = await database.select().from(foundSecrets).where(eq(foundSecrets.name, name));
      return row && { sealed: row.sealed, environment: row.environment };
    },
  };
}
