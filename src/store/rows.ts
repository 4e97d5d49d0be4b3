import type { Decision } from '../domain/approval.ts';
import type { Freeze } from '../domain/freeze.ts';
import type { Plan, Step } from '../domain/plan.ts';
import type { Conversation, Message, OpenQuestion } from '../engine/ports.ts';
import type * as schema from './schema.ts';

type WithoutNulls<Row> = { [K in keyof Row]: Exclude<Row[K], null> };

/** In the domain a field that has no value is absent; in the database it is null. */
function withoutNulls<Row extends object>(row: Row): WithoutNulls<Row> {
  const clean: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(row)) if (value !== null) clean[key] = value;
  return clean as WithoutNulls<Row>;
}

export function toPlan(row: typeof schema.plans.$inferSelect): Plan {
  return withoutNulls(row) as Plan;
}

export function toStep(row: typeof schema.steps.$inferSelect): Step {
  return withoutNulls(row) as Step;
}

export function toDecision(row: typeof schema.decisions.$inferSelect): Decision {
  return withoutNulls(row) as Decision;
}

export function toMessage(row: typeof schema.messages.$inferSelect): Message {
  return withoutNulls(row) as Message;
}

export function toConversation(
  row: typeof schema.conversations.$inferSelect,
): Conversation & { updatedAt: Date } {
  return row;
}

export function toQuestion(row: typeof schema.questions.$inferSelect): OpenQuestion {
  return withoutNulls(row) as OpenQuestion;
}

export function toFreeze(row: typeof schema.freezes.$inferSelect): Freeze {
  return withoutNulls(row) as Freeze;
}
