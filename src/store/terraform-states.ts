import { and, desc, eq, lt } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { FaultError } from '../domain/fault.ts';
import type { Sealer, SecretAbout } from '../domain/ports/secrets.ts';
import type { StateLock, TerraformStates } from '../domain/ports/terraform-states.ts';
import { explainingFailures } from './failed-query.ts';
import { steps } from './schema.ts';
import type { Database } from './store.ts';
import { terraformPlansOf } from './terraform-plans.ts';
import { type KeptLock, terraformLocks, terraformStates } from './terraform-schema.ts';

/** Versions of a state that stay, one a step. */
const keptVersions = 30;

/** Terraform's states and saved plans in Postgres, sealed one by one; the lock's row serialises who writes a state. */
export function createTerraformStates(pool: pg.Pool, sealer: Sealer): TerraformStates {
  const database = drizzle(pool) as Database;
  return explainingFailures({
    ...terraformPlansOf(database, sealer),
    async about(connection) {
      const state = await newest(database, connection);
      const row = await lockOf(database, connection);
      return {
        lineage: state?.lineage ?? null,
        serial: state?.serial ?? null,
        writtenBy: state?.writtenBy ?? null,
        writtenAt: state?.writtenAt.toISOString() ?? null,
        lockedBy: row?.lockedBy ?? null,
        lock: row?.lock ? await holderOf(database, row.lock) : null,
      };
    },
    async read(connection) {
      const state = await newest(database, connection);
      return state && sealer.open(state.sealed, aboutState(connection, state.version));
    },
    write: (connection, text, by) => write(database, sealer, connection, text, by),
    lock: (connection, wanted) =>
      database.transaction(async (tx) => {
        await tx.insert(terraformLocks).values({ connection }).onConflictDoNothing();
        const row = await lockOf(tx as Database, connection, true);
        const held = row?.lock ? await holderOf(tx as Database, row.lock) : undefined;
        // Its own is asked for again where the answer was lost on the way.
        const own = row?.lock?.id === wanted.id && row.lock.step === wanted.step;
        if (row?.lock && held && !held.settled && !own) return { ok: false, held, info: row.lock.info };
        const lock = { ...wanted, since: new Date().toISOString() };
        const set = { lock, lockedBy: wanted.step };
        await tx.update(terraformLocks).set(set).where(eq(terraformLocks.connection, connection));
        return { ok: true };
      }),
    unlock: (connection, { id, step }) =>
      database.transaction(async (tx) => {
        const row = await lockOf(tx as Database, connection, true);
        // Given back already, where that answer was lost on the way.
        if (row?.lock === null && row.lockedBy === step) return;
        if (row?.lock?.id !== id || row.lock.step !== step)
          throw new FaultError('conflict', 'This step does not hold that lock.');
        await tx.update(terraformLocks).set({ lock: null }).where(eq(terraformLocks.connection, connection));
      }),
  });
}

async function newest(database: Database, connection: string) {
  const [row] = await database
    .select()
    .from(terraformStates)
    .where(eq(terraformStates.connection, connection))
    .orderBy(desc(terraformStates.version))
    .limit(1);
  return row;
}

async function lockOf(database: Database, connection: string, forUpdate = false) {
  const query = database.select().from(terraformLocks).where(eq(terraformLocks.connection, connection));
  const [row] = await (forUpdate ? query.for('update') : query);
  return row;
}

/** A step that has ended, or needs a person, holds nothing any more: its process is gone by then. */
async function holderOf(database: Database, { id, step, operation, since }: KeptLock): Promise<StateLock> {
  const [row] = await database
    .select({ plan: steps.planId, endedAt: steps.endedAt })
    .from(steps)
    .where(eq(steps.id, step));
  const plan = row === undefined ? {} : { plan: row.plan };
  return { id, step, ...plan, operation, since, settled: row !== undefined && row.endedAt !== null };
}

async function write(
  database: Database,
  sealer: Sealer,
  connection: string,
  text: string,
  { step, lock }: { step: string; lock: string },
): Promise<void> {
  const { lineage, serial } = readState(text);
  await database.transaction(async (tx) => {
    const held = await lockOf(tx as Database, connection, true);
    if (held?.lock?.id !== lock || held.lock.step !== step)
      throw new FaultError('locked', 'Only the step that holds the lock writes the state.');
    const before = await newest(tx as Database, connection);
    if (before !== undefined && (before.lineage !== lineage || before.serial > serial))
      throw new FaultError('conflict', 'This state does not follow the one that is kept.');
    // A step writes several times on its way; the state before the step is what people may want back.
    const same = before?.writtenBy === step;
    const version = before === undefined ? 1 : same ? before.version : before.version + 1;
    const sealed = await sealer.seal(text, aboutState(connection, version));
    const set = { lineage, serial, sealed, writtenBy: step, writtenAt: new Date() };
    await tx
      .insert(terraformStates)
      .values({ connection, version, ...set })
      .onConflictDoUpdate({ target: [terraformStates.connection, terraformStates.version], set });
    const old = lt(terraformStates.version, version - keptVersions + 1);
    await tx.delete(terraformStates).where(and(eq(terraformStates.connection, connection), old));
  });
}

function readState(text: string): { lineage: string; serial: number } {
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    state = undefined;
  }
  const { lineage, serial } = (state ?? {}) as { lineage?: unknown; serial?: unknown };
  if (typeof lineage === 'string' && typeof serial === 'number' && Number.isSafeInteger(serial))
    return { lineage, serial };
  throw new FaultError('bad-request', 'This is no state of Terraform.');
}

function aboutState(connection: string, version: number): SecretAbout {
  return { name: `state ${connection}`, environment: '*', tool: 'terraform', version };
}
