import { canonicalJson, type Json, sha256 } from './json.ts';
import type { Plan, Step } from './plan.ts';
import { topField } from './references.ts';

/**
 * What an approval is bound to: SHA-256 over RFC 8785 JSON of everything that decides what will happen.
 * A field that is not in here cannot change what runs; see `digest.test.ts` for the short list
 * of fields that stay out, each with its reason.
 */
export function planDigest(plan: Plan, steps: readonly Step[]): string {
  return sha256(canonicalJson(digestContent(plan, steps)));
}

/** The content under the digest, in a form that can be shown and compared. */
export function digestContent(plan: Plan, steps: readonly Step[]) {
  return {
    plan: plan.id,
    revision: plan.revision,
    goal: plan.goal,
    requester: plan.requester,
    authors: [...plan.authors].sort(),
    onFailure: plan.onFailure,
    undoOf: plan.undoOf ?? null,
    approval: plan.approval,
    policyHash: plan.policyHash,
    ...(plan.alert === undefined ? {} : { alert: plan.alert }),
    steps: [...steps].sort((a, b) => a.position - b.position).map(stepContent),
  };
}

function stepContent(step: Step) {
  return {
    id: step.id,
    key: step.key,
    position: step.position,
    operation: step.operation,
    operationVersion: step.operationVersion,
    mode: step.mode,
    undoOf: step.undoOf ?? null,
    // The state to put back is the input of an undo step; what a `do` step captures comes after the approval.
    captured: step.mode === 'undo' ? (step.captured ?? null) : null,
    input: withoutLateFields(step),
    bindings: step.bindings ?? [],
    needs: [...step.needs].sort(),
    environment: step.environment ?? null,
    place: step.place ?? null,
    tier: step.tier,
    targets: [...step.targets].sort(),
    risk: step.risk,
    undoKind: step.undoKind,
    // Made from the input, and what the approver reads: a forged one must not be approved unseen.
    title: step.title,
    byHand: step.byHand ?? null,
    preview: step.preview ?? null,
    credentials: step.credentials ?? null,
  };
}

/** A late-bound field gets its value after the approval; what is approved is where that comes from. */
function withoutLateFields({ input, bindings = [] }: Step): Json {
  const late = bindings.filter(({ when }) => when === 'late').map(topField);
  if (late.length === 0 || typeof input !== 'object' || input === null) return input;
  return Object.fromEntries(Object.entries(input).filter(([field]) => !late.includes(field)));
}
