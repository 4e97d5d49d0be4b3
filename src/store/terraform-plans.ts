import { and, desc, eq, inArray, lt } from 'drizzle-orm';
import { sha256 } from '../domain/json.ts';
import type { Sealer, SecretAbout } from '../domain/ports/secrets.ts';
import type { TerraformStates } from '../domain/ports/terraform-states.ts';
import type { Database } from './store.ts';
import { terraformPlans } from './terraform-schema.ts';

/** How long a plan file stays at most, in milliseconds: longer than any approval waits. */
const keptMs = 7 * 86_400_000;
/** And how many of a connection. */
const mostPlans = 100;

/** Saved plans, sealed one by one. */
export function terraformPlansOf(
  database: Database,
  sealer: Sealer,
): Pick<TerraformStates, 'plan' | 'keepPlan' | 'planFile'> {
  const plan = async (connection: string, key: string) => {
    const [row] = await database
      .select({ sha256: terraformPlans.sha256 })
      .from(terraformPlans)
      .where(and(eq(terraformPlans.connection, connection), eq(terraformPlans.key, key)));
    return row;
  };
  return {
    plan,
    async keepPlan(connection, key, file) {
      const hash = sha256(file);
      const sealed = await sealer.seal(file.toString('base64'), aboutPlan(connection, hash));
      await forgetOld(database, connection);
      await database
        .insert(terraformPlans)
        .values({ connection, key, sha256: hash, sealed })
        .onConflictDoNothing();
      return (await plan(connection, key)) ?? { sha256: hash };
    },
    async planFile(connection, hash) {
      const [row] = await database
        .select()
        .from(terraformPlans)
        .where(and(eq(terraformPlans.connection, connection), eq(terraformPlans.sha256, hash)));
      return row && Buffer.from(await sealer.open(row.sealed, aboutPlan(connection, hash)), 'base64');
    },
  };
}

async function forgetOld(database: Database, connection: string): Promise<void> {
  const own = eq(terraformPlans.connection, connection);
  const before = new Date(Date.now() - keptMs);
  await database.delete(terraformPlans).where(and(own, lt(terraformPlans.madeAt, before)));
  const surplus = database
    .select({ key: terraformPlans.key })
    .from(terraformPlans)
    .where(own)
    .orderBy(desc(terraformPlans.madeAt))
    .offset(mostPlans - 1);
  await database.delete(terraformPlans).where(and(own, inArray(terraformPlans.key, surplus)));
}

function aboutPlan(connection: string, hash: string): SecretAbout {
  return { name: `plan ${connection} ${hash}`, environment: '*', tool: 'terraform', version: 1 };
}
