import { and, desc, eq, gte, lt, sql } from 'drizzle-orm';
import type { TrailFilter } from '../engine/filters.ts';
import type { TrailEntry } from '../engine/ports.ts';
import * as schema from './schema.ts';
import type { Database } from './store.ts';

/** Events of the audit with their payloads, newest first. */
export async function auditTrail(database: Database, filter: TrailFilter): Promise<TrailEntry[]> {
  const { auditEvents: events, auditPayloads: payloads } = schema;
  const rows = await database
    .select({
      chain: events.chain,
      seq: events.seq,
      at: events.at,
      type: events.type,
      actor: events.actor,
      payload: payloads.payload,
    })
    .from(events)
    .leftJoin(payloads, and(eq(payloads.chain, events.chain), eq(payloads.seq, events.seq)))
    .where(trailWhere(filter))
    .orderBy(desc(events.at), desc(events.seq), desc(events.chain))
    .limit(filter.limit);
  return rows.map(({ payload, ...row }) => ({
    ...row,
    ...(payload === null ? {} : { payload: JSON.parse(payload) }),
  }));
}

function trailWhere({ planId, actor, since, until, target, type, after }: TrailFilter) {
  const { auditEvents: events, steps } = schema;
  return and(
    planId === undefined ? undefined : eq(events.chain, `plan:${planId}`),
    actor === undefined ? undefined : eq(events.actor, actor),
    since === undefined ? undefined : gte(events.at, since.toISOString()),
    until === undefined ? undefined : lt(events.at, until.toISOString()),
    type === undefined ? undefined : sql`starts_with(${events.type}, ${type})`,
    target === undefined
      ? undefined
      : sql`${events.chain} in (
          select 'plan:' || ${steps.planId} from ${steps}, unnest(${steps.targets}) as target
          where strpos(lower(target), lower(${target})) > 0)`,
    after === undefined
      ? undefined
      : sql`(${events.at}, ${events.seq}, ${events.chain}) < (${after.at}, ${after.seq}, ${after.chain})`,
  );
}
