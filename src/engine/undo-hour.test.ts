import { expect, test } from 'vitest';
import { planDigest } from '../domain/digest.ts';
import type { Plan, Step } from '../domain/plan.ts';
import { plan, record, step } from './fixtures.ts';
import { undoHourRefusal } from './undo-hour.ts';

const now = new Date('2026-11-22T10:30:00Z');
const done = step();
const original = record(plan({ digest: planDigest(plan(), [done]) }), done);
const undoPlan = (changes: Partial<Plan> = {}) =>
  plan({ id: 'p-2', undoOf: 'p-1', state: 'waiting-for-approval', ...changes });
const undoStep = (changes: Partial<Step> = {}) =>
  step({
    id: 's-2',
    planId: 'p-2',
    key: 'undo-scale',
    mode: 'undo',
    undoOf: 's-1',
    state: 'planned',
    ...changes,
  });
const refusal = (
  undo = record(undoPlan(), undoStep()),
  from: typeof original | undefined = original,
  at = now,
) => undoHourRefusal(undo, from, { now: at, hourSeconds: 3600 });

test('covers the requester’s own way back within the hour', () => {
  expect(refusal()).toBeUndefined();
});

test.each<[string, Partial<Plan>]>([
  ['somebody else’s', { requester: 'bob', authors: ['bob'] }],
  ['one that others shaped', { authors: ['alice', 'bob'] }],
  ['another plan’s', { undoOf: 'p-9' }],
])('does not cover %s undo', (_, changes) => {
  expect(refusal(record(undoPlan(changes), undoStep()))).toContain('needs an approval');
});

test('does not cover one after the hour, or of a plan that is not there', () => {
  expect(refusal(undefined, original, new Date('2026-11-22T11:05:00Z'))).toContain('hour is over');
  expect(undoHourRefusal(record(undoPlan(), undoStep()), undefined, { now, hourSeconds: 3600 })).toContain(
    'hour',
  );
});

test.each<[string, Partial<Step>]>([
  ['does instead of undoing', { mode: 'do' }],
  ['acts on something else', { input: { name: 'cart', replicas: 5 } }],
  ['puts something else back', { captured: { replicas: 0 } }],
  ['is another operation', { operation: 'shell.run' }],
  ['acts elsewhere', { environment: 'production' }],
  ['undoes a step that is not there', { undoOf: 's-9' }],
])('does not cover a step that %s', (_, changes) => {
  expect(refusal(record(undoPlan(), undoStep(changes)))).toContain('not the way back');
});

test('does not cover a plan without steps, or one more step', () => {
  expect(refusal(record(undoPlan()))).toContain('not the way back');
  expect(refusal(record(undoPlan(), undoStep(), undoStep({ id: 's-3', mode: 'do' })))).toContain(
    'not the way back',
  );
});

test('does not believe a finished plan whose rows were changed, or a step that did not succeed', () => {
  const forged = step({ input: { name: 'cart', replicas: 0 } });
  const same = record(undoPlan(), undoStep({ input: forged.input }));
  expect(refusal(same, record(original.plan, forged))).toContain('digest does not match');
  expect(refusal(undefined, record(original.plan, { ...done, state: 'failed' }))).toContain(
    'not the way back',
  );
});
