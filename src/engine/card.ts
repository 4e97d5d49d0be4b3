import type { PlanCard, StepCard } from '../domain/chat.ts';
import type { Preview } from '../domain/operation.ts';
import type { Plan, Step } from '../domain/plan.ts';
import type { Binding } from '../domain/references.ts';
import { isPending } from '../domain/schedule.ts';
import { actsOf } from './acts.ts';
import { approversInWords } from './authorise.ts';
import type { Engine } from './engine.ts';
import type { PlanRecord } from './ports.ts';
import { previewDiff } from './preview-diff.ts';

/** Longest diff on a card, in lines; the plan's own page shows the rest. */
const longestDiff = 80;

/** Draws a plan's card from its rows. Every face shows this and nothing else. */
export function planCard(engine: Engine, { plan, steps, decisions }: PlanRecord): PlanCard {
  const { id, revision, digest, state, goal, requester, authors, onFailure, approval } = plan;
  const waitingFor = waitingInWords(engine, { plan, steps, decisions });
  return {
    id,
    revision,
    digest,
    state,
    goal,
    requester,
    authors,
    environments: environmentsOf(engine, steps),
    onFailure,
    approval,
    decisions: decisions
      .filter((decision) => decision.revision === revision)
      .map(({ person, verdict, via, reason, at }) => ({
        person,
        verdict,
        via,
        at,
        ...(reason === undefined ? {} : { reason }),
      })),
    ...(waitingFor === undefined ? {} : { waitingFor }),
    ...(mayBreakGlass(engine, { plan, steps, decisions }) ? { breakGlass: true as const } : {}),
    ...(plan.review === undefined ? {} : { review: plan.review }),
    ...optional(plan),
    createdAt: plan.createdAt.toISOString(),
    steps: steps.map(stepCard),
  };
}

function optional(plan: Plan) {
  return {
    ...(plan.plannedBy === undefined ? {} : { plannedBy: plan.plannedBy }),
    ...(plan.undoOf === undefined ? {} : { undoOf: plan.undoOf }),
    ...outcomeOf(plan),
    ...(plan.expiresAt === undefined ? {} : { expiresAt: plan.expiresAt.toISOString() }),
    ...(plan.startedAt === undefined ? {} : { startedAt: plan.startedAt.toISOString() }),
    ...(plan.endedAt === undefined ? {} : { endedAt: plan.endedAt.toISOString() }),
  };
}

function outcomeOf({ outcome, erasedAt }: Plan): { outcome?: string } {
  if (!erasedAt) return outcome === undefined ? {} : { outcome };
  const erased = `What it was made of was erased on ${erasedAt.toISOString().slice(0, 10)} (retention.payloads).`;
  return { outcome: outcome === undefined ? erased : `${outcome} ${erased}` };
}

function waitingInWords(engine: Engine, { plan, steps }: PlanRecord): string | undefined {
  if (plan.state !== 'waiting-for-approval') return plan.note ? plan.note : undefined;
  if (plan.approval.kind === 'none') return undefined;
  try {
    const acts = actsOf(engine, steps);
    return `${plan.note ? `${plan.note} ` : ''}Waiting for ${approversInWords(engine, acts, plan.approval, plan.authors)}.`;
  } catch {
    return plan.note;
  }
}

function mayBreakGlass(engine: Engine, { plan, steps }: PlanRecord): boolean {
  if (plan.state !== 'waiting-for-approval') return false;
  try {
    return engine.policy.breaksGlass(actsOf(engine, steps));
  } catch {
    return false;
  }
}

function environmentsOf(engine: Engine, steps: readonly Step[]): PlanCard['environments'] {
  const names = [...new Set(steps.map(({ environment }) => environment))];
  return names.map((name) => {
    const known = engine.environments.find((environment) => environment.name === name);
    return {
      name: name ?? 'no environment (counts as production)',
      tier: known?.tier ?? 'production',
      demo: known?.connections.some(({ demo }) => demo) ?? false,
    };
  });
}

function stepCard(step: Step): StepCard {
  const { id, key, operation, mode, title, needs, state, tier, targets, risk, undoKind } = step;
  const evidence = step.verification?.evidence ?? step.note;
  return {
    id,
    key,
    operation,
    mode,
    title,
    needs,
    state,
    tier,
    targets,
    effect: risk.effect,
    risk: risk.level,
    reasons: risk.reasons,
    undo: undoKind,
    ...(step.bindings?.length ? { takes: step.bindings.map(bindingInWords) } : {}),
    ...(step.byHand === undefined ? {} : { byHand: step.byHand }),
    ...(step.environment === undefined ? {} : { environment: step.environment }),
    ...(step.preview === undefined ? {} : { preview: previewCard(step.preview) }),
    ...(isPending(step) ? { pending: true as const } : {}),
    ...(evidence ? { evidence } : {}),
    ...(step.fault === undefined ? {} : { fault: step.fault.message }),
    ...(step.startedAt === undefined ? {} : { startedAt: step.startedAt.toISOString() }),
    ...(step.endedAt === undefined ? {} : { endedAt: step.endedAt.toISOString() }),
  };
}

function bindingInWords({ field, from, at, when }: Binding): string {
  const source = `${field.slice(1)} from step ${from}${at}`;
  if (when === 'resolved') return source;
  return when === 'late' ? `${source}, when it runs` : `${source}, shown in a later revision`;
}

function previewCard(preview: Preview): NonNullable<StepCard['preview']> {
  const { kind, summary, warnings } = preview;
  return { kind, summary, warnings, diff: previewDiff(preview).slice(0, longestDiff) };
}
