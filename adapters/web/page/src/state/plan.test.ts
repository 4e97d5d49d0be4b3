import { describe, expect, it } from 'vitest';
import { approvalInWords } from './approval.ts';
import {
  barOf,
  buttonsFor,
  decisionInWords,
  foldDiff,
  headline,
  isLong,
  laterCard,
  orderInWords,
  settledCount,
} from './plan.ts';
import { samplePlan, sampleStep } from './sample.ts';

const at = new Date(2026, 10, 22, 12, 3).toISOString();
const approved = { person: 'bob', verdict: 'approve', via: 'button', at } as const;

describe('the headline', () => {
  it('is the only step’s title, or a count; never the goal', () => {
    expect(headline(samplePlan())).toBe('Scale deployment shop/checkout to 6');
    const steps = [
      sampleStep({ key: 'a' }),
      sampleStep({ key: 'b' }),
      sampleStep({ key: 'c', effect: 'read' }),
    ];
    expect(headline(samplePlan({ steps, goal: 'harmless' }))).toBe('3 steps: 2 changes and 1 read');
  });
});

describe('the buttons', () => {
  it('offers a decision only while one is waited for, and once to each person', () => {
    expect(buttonsFor(samplePlan(), 'bob').decide).toBe(true);
    expect(buttonsFor(samplePlan({ decisions: [approved] }), 'bob').decide).toBe(false);
    expect(buttonsFor(samplePlan({ decisions: [approved] }), 'carol').decide).toBe(true);
    for (const state of ['running', 'succeeded', 'rejected', 'expired', 'previewed'] as const) {
      expect(buttonsFor(samplePlan({ state }), 'bob').decide).toBe(false);
    }
  });
  it('cancels what has begun and not ended', () => {
    expect(buttonsFor(samplePlan({ state: 'running' }), 'you').cancel).toBe(true);
    expect(buttonsFor(samplePlan({ state: 'succeeded' }), 'you').cancel).toBe(false);
  });
  it('counts writes alone when it calls a plan long', () => {
    const steps = (effect: 'update' | 'read', amount: number) =>
      Array.from({ length: amount }, (_, index) => sampleStep({ key: `${effect}${index}`, effect }));
    expect(isLong(samplePlan({ steps: steps('update', 12) }))).toBe(false);
    expect(isLong(samplePlan({ steps: steps('update', 13) }))).toBe(true);
    expect(isLong(samplePlan({ steps: steps('read', 40) }))).toBe(false);
  });
});

it('says who decided and when', () => {
  const now = new Date(2026, 10, 22, 15, 0);
  expect(decisionInWords(approved, now)).toBe('approved by bob, 12:03');
  expect(decisionInWords({ ...approved, verdict: 'request-changes', via: 'break-glass' }, now)).toBe(
    'changes requested by bob alone (break-glass), 12:03',
  );
});

describe('approvals in words', () => {
  it('names the number, the roles, and that authors do not count', () => {
    expect(approvalInWords(samplePlan().approval)).toBe(
      'Needs 1 approval by a lead who is no author of the plan.',
    );
    expect(
      approvalInWords({
        kind: 'ask',
        reason: '',
        quorum: 2,
        roles: ['admin', 'lead'],
        notAuthor: true,
        expiresAfterSeconds: 60,
      }),
    ).toBe('Needs 2 approvals by an admin or lead, none of them an author of the plan.');
    expect(approvalInWords({ kind: 'none', reason: 'A read.' })).toBe('Needs nobody’s approval.');
  });
});

describe('the order of steps', () => {
  const steps = [
    sampleStep({ key: 'a' }),
    sampleStep({ key: 'b', needs: ['a'] }),
    sampleStep({ key: 'c', needs: ['a'] }),
    sampleStep({ key: 'd', needs: ['c', 'b'] }),
  ];
  it('is said by number', () => {
    expect(steps.map((step) => orderInWords(steps, step))).toEqual([
      'starts first',
      'after step 1, in parallel with step 3',
      'after step 1, in parallel with step 2',
      'after steps 2 and 3',
    ]);
  });
  it('does not list many', () => {
    const many = Array.from({ length: 6 }, (_, index) => sampleStep({ key: String(index) }));
    expect(orderInWords(many, sampleStep({ key: '2' }))).toBe('starts first, in parallel with 5 others');
  });
  it('is not said of a single step', () => {
    expect(orderInWords(steps.slice(0, 1), sampleStep())).toBeUndefined();
  });
});

describe('progress', () => {
  it('moves only while something happens', () => {
    expect(barOf(sampleStep({ state: 'planned' }))).toBe('empty');
    expect(barOf(sampleStep({ state: 'rolling-back' }))).toBe('moving');
    expect(barOf(sampleStep({ state: 'unclear' }))).toBe('full');
  });
  it('counts what is settled', () => {
    const steps = [sampleStep({ state: 'succeeded' }), sampleStep({ state: 'running' })];
    expect(settledCount(samplePlan({ steps }))).toBe(1);
  });
});

describe('two drawings of one plan', () => {
  const waiting = samplePlan();
  it('prefers the later, however they come', () => {
    const running = samplePlan({ state: 'running', startedAt: at, decisions: [approved] });
    const ended = samplePlan({ state: 'succeeded', startedAt: at, endedAt: at, decisions: [approved] });
    const revised = samplePlan({ revision: 2 });
    for (const [early, late] of [
      [waiting, running],
      [running, ended],
      [running, revised],
    ] as const) {
      expect(laterCard(early, late)).toBe(late);
      expect(laterCard(late, early)).toBe(late);
    }
  });
  it('takes the newer where nothing tells them apart', () => {
    const same = samplePlan();
    expect(laterCard(waiting, same)).toBe(same);
    expect(laterCard(undefined, same)).toBe(same);
  });
});

describe('a folded diff', () => {
  const same = { sign: ' ', text: 'x' } as const;
  it('keeps the surroundings of changes, counts long stretches, and shows short ones', () => {
    const diff = [
      ...Array(5).fill(same),
      { sign: '-', text: '3' },
      { sign: '+', text: '6' },
      ...Array(4).fill(same),
    ];
    const folded = foldDiff(diff);
    expect(folded.map((fold) => (fold.kind === 'gap' ? fold.lines : fold.line.sign))).toEqual([
      3,
      ' ',
      ' ',
      '-',
      '+',
      ' ',
      ' ',
      ' ',
      ' ',
    ]);
  });
  it('loses no line', () => {
    const diff = Array.from(
      { length: 30 },
      (_, index) => ({ sign: index % 11 === 3 ? '+' : ' ', text: '' }) as const,
    );
    const lines = foldDiff(diff).reduce((sum, fold) => sum + (fold.kind === 'gap' ? fold.lines : 1), 0);
    expect(lines).toBe(30);
  });
});
