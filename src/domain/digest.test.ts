import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plans, steps } from '../store/schema.ts';
import { planDigest } from './digest.ts';
import type { Plan, Step } from './plan.ts';

// DESIGN §6: every field is under the digest, or stands here with its reason.

const outsidePlan: Partial<Record<keyof Plan, string>> = {
  conversationId: 'where the card is shown; it decides nothing that runs',
  messageId: 'which message it came from; it decides nothing that runs',
  state: 'moves after the approval; a claim asks for `running` and for the approval itself',
  version: 'the fence of each write; it counts every change',
  undoVia: 'whether a gateway looks at the undo hour, all of whose conditions it checks itself',
  digest: 'the digest itself; computed anew wherever it is believed',
  expiresAt: 'when asking ends; how long it may last is under the digest as part of the approval',
  cancelRequested: 'can only stop the plan',
  review: 'what others say afterwards of a plan that ran',
  plannedBy: 'which model drafted it, at what cost: what it drafted is in the digest',
  note: 'why it waits, in words for people',
  lockRequestedAt: 'its place in the queue for locks',
  outcome: 'why it ended, in words for people',
  createdAt: 'a time that has passed',
  startedAt: 'comes after the approval',
  endedAt: 'comes after the approval',
  erasedAt: 'comes after the end',
};
const outsideStep: Partial<Record<keyof Step, string>> = {
  planId: 'steps are found by it; the plan’s id is under the digest',
  request: 'what the person said; only the input that was made of it runs',
  state: 'moves after the approval; the order is under the digest as `needs`',
  version: 'the fence of each write; it counts every change',
  note: 'the latest line of progress, for people',
  captured: 'read after the approval, at the claim; under the digest for an undo step, whose input it is',
  output: 'comes after the approval',
  verification: 'comes after the approval',
  fault: 'comes after the approval',
  leaseUntil: 'who runs it and until when',
  worker: 'who runs it',
  attempts: 'how often it was claimed',
  readyAt: 'comes after the approval',
  startedAt: 'comes after the approval',
  endedAt: 'comes after the approval',
};

const at = new Date('2026-11-22T10:00:00Z');
const plan: Required<Plan> = {
  id: 'p-abc2345',
  conversationId: 'c-1',
  messageId: 'm-1',
  goal: 'scale checkout',
  state: 'waiting-for-approval',
  version: 3,
  revision: 2,
  requester: 'alice',
  authors: ['alice', 'bob'],
  onFailure: 'roll-back',
  undoOf: 'p-xyz6789',
  undoVia: 'button',
  digest: 'd',
  approval: {
    kind: 'ask',
    reason: 'production',
    quorum: 2,
    roles: ['lead'],
    notAuthor: true,
    expiresAfterSeconds: 60,
  },
  policyHash: 'h',
  expiresAt: at,
  cancelRequested: false,
  plannedBy: {
    model: 'm',
    prompts: 'h',
    spent: { turns: 1, looks: 1, inputTokens: 1, cachedTokens: 1, outputTokens: 1, usd: 1 },
  },
  alert: 'HighErrorRate',
  review: { by: 'alice', dueAt: '2026-11-23T10:00:00.000Z', state: 'open' },
  note: 'waits',
  lockRequestedAt: at,
  outcome: 'done',
  createdAt: at,
  startedAt: at,
  endedAt: at,
  erasedAt: at,
};
const step: Required<Step> = {
  id: 's-1',
  planId: 'p-abc2345',
  key: 'scale',
  position: 0,
  operation: 'kubernetes.scale',
  operationVersion: 1,
  mode: 'do',
  undoOf: 's-0',
  request: { name: 'checkout' },
  input: { kind: 'deployment', name: 'checkout', replicas: 6, deep: [{ list: [1, null, true] }] },
  bindings: [{ field: '/kind', from: 'first', at: '/kind', when: 'resolved' }],
  needs: ['first', 'second'],
  state: 'planned',
  version: 1,
  environment: 'production',
  place: 'production/shop',
  tier: 'production',
  targets: ['k8s:u/shop/deployment/checkout'],
  risk: {
    effect: 'update',
    level: 'medium',
    tier: 'production',
    objects: 1,
    reasons: ['changes the capacity'],
  },
  undoKind: 'reversible',
  title: 'Scale',
  byHand: 'kubectl scale',
  credentials: { 'kubernetes:staging/main': 'a1' },
  preview: {
    kind: 'dry-run',
    before: { spec: { replicas: 3 } },
    after: { spec: { replicas: 6 } },
    fingerprint: { uid: 'u', replicas: 3 },
    summary: '3 → 6 replicas',
    warnings: ['owned by an autoscaler'],
    raises: [{ level: 'high', reason: 'much' }],
    server: 'cluster',
  },
  note: 'n',
  captured: { replicas: 3 },
  output: { replicas: 6 },
  verification: { state: 'healthy', evidence: 'ready' },
  fault: { code: 'conflict', message: 'm', retry: 'never' },
  leaseUntil: at,
  worker: 'w',
  attempts: 1,
  readyAt: at,
  startedAt: at,
  endedAt: at,
};

describe('the digest', () => {
  const approved = planDigest(plan, [step]);

  it('knows every column that a plan and a step have', () => {
    expect(Object.keys(plan).sort()).toEqual(columnsOf(plans));
    expect(Object.keys(step).sort()).toEqual(columnsOf(steps));
  });

  it.each(changesOf(plan).map((change) => [change.path, change] as const))(
    'plan.%s',
    (path, { field, value }) => {
      const reason = outsidePlan[field];
      expect(planDigest(value, [step]) === approved, `plan.${path}: ${reason}`).toBe(reason !== undefined);
    },
  );

  it.each(changesOf(step).map((change) => [change.path, change] as const))(
    'step.%s',
    (path, { field, value }) => {
      const reason = outsideStep[field];
      expect(planDigest(plan, [value]) === approved, `step.${path}: ${reason}`).toBe(reason !== undefined);
    },
  );

  it('covers what an undo step puts back', () => {
    const undo: Step = { ...step, mode: 'undo' };
    const changed = { ...undo, captured: { replicas: 300 } };
    expect(planDigest(plan, [changed])).not.toBe(planDigest(plan, [undo]));
  });

  it('covers how many steps there are', () => {
    const second = { ...step, id: 's-2', key: 'second', position: 1 };
    expect(planDigest(plan, [step, second])).not.toBe(approved);
    expect(planDigest(plan, [])).not.toBe(approved);
    expect(planDigest(plan, [second, step])).toBe(planDigest(plan, [step, second]));
  });

  it('does not depend on the order of keys, authors, needs or targets', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (input) => {
        const one = { ...step, input: input as never };
        const other = turned(one);
        expect(planDigest(turned({ ...plan, authors: ['bob', 'alice'] }), [other])).toBe(
          planDigest(plan, [one]),
        );
      }),
    );
    const needs = [...step.needs].reverse();
    expect(planDigest(plan, [{ ...step, needs }])).toBe(approved);
  });
});

/** A table's object has its columns as fields, and one method. */
function columnsOf(table: object): string[] {
  return Object.keys(table)
    .filter((key) => key !== 'enableRLS')
    .sort();
}

type Change<Whole> = { path: string; field: keyof Whole; value: Whole };

/** The value once for each of its leaves, fields, and items: changed, left out, or added. */
function changesOf<Whole extends object>(whole: Whole): Change<Whole>[] {
  return Object.keys(whole).flatMap((key) => {
    const field = key as keyof Whole;
    // The database lets no list be absent.
    const absent = Array.isArray(whole[field]) ? [] : [{ path: '(absent)', value: undefined }];
    const changes = [...changed(whole[field]), ...absent];
    return changes.map(({ path, value }) => ({
      path: `${key}${path}`,
      field,
      value: value === undefined ? without(whole, key) : { ...whole, [key]: value },
    }));
  });
}

function changed(value: unknown): { path: string; value: unknown }[] {
  if (value instanceof Date) return [{ path: '', value: new Date(value.getTime() + 1) }];
  if (Array.isArray(value)) {
    const items = value.flatMap((item, index) =>
      changed(item).map((change) => ({
        path: `[${index}]${change.path}`,
        value: value.with(index, change.value),
      })),
    );
    return [...items, { path: '[+]', value: [...value, 'more'] }, { path: '[-]', value: value.slice(1) }];
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).flatMap(([key, inner]) => [
      ...changed(inner).map((change) => ({
        path: `.${key}${change.path}`,
        value: { ...value, [key]: change.value },
      })),
      { path: `.${key}(absent)`, value: without(value, key) },
    ]);
    return [...fields, { path: '.+', value: { ...value, more: 1 } }];
  }
  if (typeof value === 'number') return [{ path: '', value: value + 1 }];
  if (typeof value === 'boolean') return [{ path: '', value: !value }];
  return [{ path: '', value: `${value}x` }];
}

function without<Whole extends object>(whole: Whole, key: string): Whole {
  return Object.fromEntries(Object.entries(whole).filter(([other]) => other !== key)) as Whole;
}

/** The same value with the keys of every object the other way round. */
function turned<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(turned) as Value;
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, inner]) => [key, turned(inner)])) as Value;
}
