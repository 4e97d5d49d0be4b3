import { getTableColumns } from 'drizzle-orm';
import type pg from 'pg';
import { canonicalJson, type Json } from '../domain/json.ts';
import type { Plan, Step } from '../domain/plan.ts';
import type { PlanPatch, StepPatch, StoredEntry } from '../engine/ports.ts';
import * as schema from './schema.ts';

type Change = { id: string; version: number; patch: Record<string, unknown> };
type Event = { chain: string; type: string; actor: string; at: string; payload: string };

/**
 * What a transaction writes, collected and then written by one call of `write_changes`. Two changes of one row are
 * joined: the version that was seen first is the fence.
 */
export function collectChanges(now: Date) {
  const plans = new Map<string, Change>();
  const steps = new Map<string, Change>();
  const entries = new Map<string, StoredEntry & { at: string }>();
  const events: Event[] = [];
  const at = now.toISOString();
  return {
    async updatePlan(plan: Plan, patch: PlanPatch): Promise<Plan> {
      const version = plan.version + 1;
      join(plans, plan, toColumns(planColumns, { ...patch, version }));
      return { ...plan, ...patch, version };
    },
    fencePlan(plan: Plan): void {
      join(plans, plan, {});
    },
    async updateStep(step: Step, patch: StepPatch): Promise<Step> {
      const version = step.version + 1;
      join(steps, step, toColumns(stepColumns, { ...patch, version }));
      const next: Record<string, unknown> = { ...step, ...patch, version };
      for (const key of Object.keys(next)) if (next[key] === null) delete next[key];
      return next as Step;
    },
    entry(entry: StoredEntry): void {
      entries.set(`${entry.conversationId} ${entry.key}`, { ...entry, at });
    },
    audit(chain: string, type: string, actor: string, payload: Json): void {
      events.push({ chain, type, actor, at, payload: canonicalJson(payload) });
    },
    conversations: () => new Set([...entries.values()].map(({ conversationId }) => conversationId)),
    /** The statement that writes it all, or undefined when there is nothing. */
    statement(client: pg.PoolClient): string | undefined {
      const parts = [[...plans.values()], [...steps.values()], [...entries.values()], events];
      if (parts.every(({ length }) => length === 0)) return undefined;
      return `select write_changes(${parts.map((part) => client.escapeLiteral(JSON.stringify(part))).join(', ')})`;
    },
  };
}

const planColumns = columnNames(schema.plans);
const stepColumns = columnNames(schema.steps);

function columnNames(table: typeof schema.plans | typeof schema.steps): Map<string, string> {
  return new Map(Object.entries(getTableColumns(table)).map(([key, column]) => [key, column.name]));
}

function toColumns(names: Map<string, string>, fields: object): Record<string, unknown> {
  const named = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named.map(([key, value]) => [names.get(key) ?? key, value]));
}

function join(
  changes: Map<string, Change>,
  row: { id: string; version: number },
  patch: Record<string, unknown>,
): void {
  const earlier = changes.get(row.id);
  if (earlier) Object.assign(earlier.patch, patch);
  else changes.set(row.id, { id: row.id, version: row.version, patch });
}
