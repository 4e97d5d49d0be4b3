import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { SignedMembers } from '../domain/group.ts';
import { groupMembers } from './alert-schema.ts';

export type GroupStore = { load(): Promise<SignedMembers[]>; save(signed: SignedMembers): Promise<void> };

/** Who belongs to which group, as gateways have signed it. */
export function createGroupStore(pool: pg.Pool): GroupStore {
  const database = drizzle(pool);
  return {
    async load() {
      const rows = await database.select().from(groupMembers);
      return rows.map(({ groupKey, ...rest }) => ({ group: groupKey, ...rest }));
    },
    async save({ group, members, at, signature }) {
      await database
        .insert(groupMembers)
        .values({ groupKey: group, members: [...members], at, signature })
        .onConflictDoUpdate({
          target: groupMembers.groupKey,
          set: { members: [...members], at, signature },
          // Of two gateways, the one that looked later is right.
          setWhere: sql`${groupMembers.at} < excluded.at`,
        });
    },
  };
}
