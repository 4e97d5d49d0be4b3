import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceStep } from './advance.ts';
import type { StepState } from './plan.ts';
import {
  edgeProblems,
  endStateOf,
  hasSomethingToUndo,
  nextRollbacks,
  readySteps,
  topological,
  unreachableSteps,
} from './schedule.ts';

type Fate = 'succeeds' | 'fails-before' | 'fails-after';
type Model = Parameters<typeof hasSomethingToUndo>[0] & { fate: Fate };

/** Steps that need only earlier ones, each with what will become of it. */
const dag: fc.Arbitrary<Model[]> = fc
  .array(
    fc.record({
      needs: fc.array(fc.nat(), { maxLength: 3 }),
      fate: fc.constantFrom<Fate[]>('succeeds', 'succeeds', 'succeeds', 'fails-before', 'fails-after'),
      effect: fc.constantFrom('read' as const, 'update' as const, 'update' as const),
      undoKind: fc.constantFrom('reversible' as const, 'reversible' as const, 'irreversible' as const),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((steps) =>
    steps.map(({ needs, fate, effect, undoKind }, position) => ({
      key: `s${position}`,
      position,
      mode: 'do' as const,
      needs: position === 0 ? [] : [...new Set(needs.map((need) => `s${need % position}`))],
      state: 'planned' as StepState,
      fate,
      undoKind,
      risk: { effect, level: 'low', tier: 'nonproduction', objects: 1, reasons: [] },
    })),
  );

describe('edges', () => {
  it('of a DAG are in order, and its order respects them, whatever the order it came in', () => {
    fc.assert(
      fc.property(dag, fc.infiniteStream(fc.nat()), (steps, dice) => {
        const mixed = steps
          .map((step) => ({ step, die: dice.next().value as number }))
          .sort((a, b) => a.die - b.die)
          .map(({ step }) => step);
        expect(edgeProblems(mixed)).toEqual([]);
        const order = topological(mixed)?.map(({ key }) => key) ?? [];
        expect([...order].sort()).toEqual(steps.map(({ key }) => key).sort());
        for (const { key, needs } of steps) {
          for (const need of needs) expect(order.indexOf(need)).toBeLessThan(order.indexOf(key));
        }
      }),
    );
  });

  it('in a circle are refused, however long it is', () => {
    fc.assert(
      fc.property(dag, fc.nat(), fc.integer({ min: 1, max: 5 }), (steps, start, length) => {
        const circle = Array.from({ length }, (_, index) => ({
          key: `c${index}`,
          needs: [`c${(index + 1) % length}`, ...(index === 0 ? [`s${start % steps.length}`] : [])],
        }));
        expect(edgeProblems([...steps, ...circle])).toEqual(['the steps wait for each other in a circle']);
        expect(topological([...circle, ...steps])).toBeUndefined();
      }),
    );
  });

  it('to nowhere and doubled keys are named', () => {
    expect(edgeProblems([{ key: 'a', needs: ['b'] }])).toEqual(['step "a" needs "b", which is not there']);
    const twice = [
      { key: 'a', needs: [] },
      { key: 'a', needs: [] },
    ];
    expect(edgeProblems(twice)).toEqual(['two steps are called "a"']);
  });
});

describe('a run', () => {
  it('starts nothing before what it needs has succeeded, and everything that can be reached runs', () => {
    fc.assert(
      fc.property(dag, fc.infiniteStream(fc.nat()), (steps, dice) => {
        const { steps: ended, started } = run(steps, 'continue', dice);
        for (const [index, key] of started.entries()) {
          for (const need of stepOf(ended, key).needs) {
            expect(started.slice(0, index)).toContain(need);
            expect(stepOf(ended, need).fate).toBe('succeeds');
          }
        }
        expect(new Set(started).size).toBe(started.length);
        for (const step of ended) {
          const reached = ancestors(ended, step.key).every((key) => stepOf(ended, key).fate === 'succeeds');
          expect(started.includes(step.key), step.key).toBe(reached);
          expect(step.state).toBe(reached ? (step.fate === 'succeeds' ? 'succeeded' : 'failed') : 'skipped');
        }
        const good = ended.every(({ state }) => state === 'succeeded');
        expect(endStateOf(ended, { cancelled: false, rolledBack: false })).toBe(
          good ? 'succeeded' : 'failed',
        );
      }),
    );
  });

  it('is rolled back in the reverse order of dependency, and nothing that can be put back is left', () => {
    fc.assert(
      fc.property(dag, fc.infiniteStream(fc.nat()), (steps, dice) => {
        const { steps: ended, rolledBack, wrote } = run(steps, 'roll-back', dice);
        for (const [index, key] of rolledBack.entries()) {
          for (const later of rolledBack.slice(index + 1)) {
            expect(ancestors(ended, later), `${key} before ${later}`).not.toContain(key);
          }
        }
        const failed = ended.some(({ fate, state }) => fate !== 'succeeds' && state !== 'skipped');
        const reversible = wrote.filter((key) => stepOf(ended, key).undoKind === 'reversible');
        expect([...rolledBack].sort()).toEqual(failed ? reversible.sort() : []);
        expect(ended.some(hasSomethingToUndo)).toBe(failed ? false : reversible.length > 0);
      }),
    );
  });
});

it('an unclear or not restored step leaves the end to a person', () => {
  for (const state of ['unclear', 'roll-back-failed'] as const) {
    const steps = [{ state: 'succeeded' as const }, { state }];
    expect(endStateOf(steps, { cancelled: true, rolledBack: true })).toBe('needs-a-person');
  }
  expect(endStateOf([], { cancelled: false, rolledBack: false })).toBe('failed');
});

it('looks at each step once, so that a dense plan cannot stop a process', () => {
  const captured = { captured: {}, undoKind: 'reversible' as const, mode: 'do' as const };
  const risk = {
    effect: 'update' as const,
    level: 'low' as const,
    tier: 'production' as const,
    objects: 1,
    reasons: [],
  };
  const dense = Array.from({ length: 60 }, (_, position) => ({
    key: `s${position}`,
    position,
    // Each needs all earlier ones but the first, which stands alone.
    needs: Array.from({ length: Math.max(0, position - 1) }, (_, need) => `s${need + 1}`),
    state: 'succeeded' as const,
    risk,
    ...captured,
  }));
  expect(nextRollbacks(dense).map(({ key }) => key)).toEqual(['s59', 's0']);
}, 2_000);

type Run = { steps: Model[]; started: string[]; rolledBack: string[]; wrote: string[] };

/** Carries a plan through as the engine does, with every choice (what ends next) made by dice. */
function run(steps: readonly Model[], onFailure: 'continue' | 'roll-back', dice: Iterator<number>): Run {
  let now = [...steps];
  const result: Omit<Run, 'steps'> = { started: [], rolledBack: [], wrote: [] };
  const move = (step: Model, to: StepState, patch: Partial<Model> = {}) => {
    expect(advanceStep(step.state, to)).toEqual({ ok: true, state: to });
    now = now.map((other) => (other.key === step.key ? { ...other, ...patch, state: to } : other));
  };
  for (let rounds = 0; ; rounds++) {
    expect(rounds, 'the run goes on for ever').toBeLessThan(200);
    const halted = onFailure === 'roll-back' && now.some(({ state }) => halting.has(state));
    if (halted) {
      for (const step of now.filter(({ state }) => state === 'planned' || state === 'ready'))
        move(step, 'skipped');
    } else {
      for (const step of unreachableSteps(now)) move(step, 'skipped');
      for (const step of readySteps(now)) move(step, 'ready');
    }
    const busy = now.filter(({ state }) => ['ready', 'running', 'rolling-back'].includes(state));
    if (busy.length === 0) {
      const next = halted ? nextRollbacks(now) : [];
      if (next.length === 0) return { steps: now, ...result };
      for (const step of next) move(step, 'rolling-back');
      continue;
    }
    const step = busy[(dice.next().value as number) % busy.length] as Model;
    if (step.state === 'ready') {
      result.started.push(step.key);
      move(step, 'running');
    } else if (step.state === 'rolling-back') {
      result.rolledBack.push(step.key);
      move(step, 'rolled-back');
    } else {
      const landed = step.fate !== 'fails-before' && step.risk.effect !== 'read';
      if (landed) result.wrote.push(step.key);
      move(step, step.fate === 'succeeds' ? 'succeeded' : 'failed', landed ? { captured: {} } : {});
    }
  }
}

const halting: ReadonlySet<StepState> = new Set(['failed', 'rolling-back', 'rolled-back']);

function stepOf(steps: readonly Model[], key: string): Model {
  return steps.find((step) => step.key === key) as Model;
}

function ancestors(steps: readonly Model[], key: string): string[] {
  const found = new Set(stepOf(steps, key).needs);
  for (const need of found) for (const more of stepOf(steps, need).needs) found.add(more);
  return [...found];
}
