import type { Plan } from '../domain/plan.ts';
import type { SpanLink, SpanOptions } from '../domain/ports/telemetry.ts';
import type { PlanRecord } from './ports.ts';

/** Whose trace a plan belongs to: its message's, or its own where no message asked for it. */
export function traceOf({ id, messageId }: Pick<Plan, 'id' | 'messageId'>): string {
  return messageId ?? id;
}

/** The decisions that let a plan's revision run. People take hours: what runs then points to them, and waits for none. */
export function decisionLinks({ plan, decisions }: PlanRecord): SpanLink[] {
  return decisions
    .filter(({ revision, verdict }) => revision === plan.revision && verdict === 'approve')
    .map(({ id }) => ({ trace: traceOf(plan), id }));
}

/** The span of work on a plan. */
export function planSpan(name: string, plan: Plan): SpanOptions {
  const attributes = { 'reign.plan.id': plan.id, 'reign.plan.revision': plan.revision };
  return { name, trace: traceOf(plan), attributes };
}
