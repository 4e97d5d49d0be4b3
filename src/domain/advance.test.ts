import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advancePlan, advanceStep } from './advance.ts';
import { type PlanState, planEnded, type StepState, stepSettled } from './plan.ts';

const planStates: readonly PlanState[] = [
  'drafted',
  'previewed',
  'waiting-for-approval',
  'waiting-for-lock',
  'running',
  'succeeded',
  'failed',
  'rolled-back',
  'rejected',
  'expired',
  'cancelled',
  'needs-a-person',
];
const stepStates: readonly StepState[] = [
  'planned',
  'awaiting-approval',
  'ready',
  'running',
  'verifying',
  'unclear',
  'succeeded',
  'failed',
  'skipped',
  'rejected',
  'cancelled',
  'rolling-back',
  'rolled-back',
  'roll-back-failed',
];

describe('plans', () => {
  it('leave no end state', () => {
    for (const from of planStates.filter(planEnded)) {
      for (const to of planStates) expect(advancePlan(from, to).ok, `${from} → ${to}`).toBe(false);
    }
  });

  it('can end from every other state', () => {
    for (const from of planStates.filter((state) => !planEnded(state))) {
      expect(reachable([from], (a, b) => advancePlan(a, b).ok).some(planEnded), from).toBe(true);
    }
  });

  it('reach running through waiting-for-lock alone', () => {
    const doors = planStates.filter((from) => advancePlan(from, 'running').ok);
    expect(doors).toEqual(['waiting-for-lock']);
  });

  it('never run a revision that nobody approved, whatever the path', () => {
    // What the engine guards: a plan that asks queues for its locks only after an approval of this revision, and
    // each new look at the world (`previewed`) is a revision that nobody has approved yet.
    type Place = { state: PlanState; approved: boolean };
    const seen = new Map<string, Place>([['drafted false', { state: 'drafted', approved: false }]]);
    const queue = [...seen.values()];
    for (let at = queue.shift(); at; at = queue.shift()) {
      const { state, approved } = at;
      const click = state === 'waiting-for-approval' ? [{ state, approved: true }] : [];
      const moves = planStates
        .filter((to) => advancePlan(state, to).ok)
        .filter((to) => to !== 'waiting-for-lock' || approved)
        .map((to) => ({ state: to, approved: approved && to !== 'previewed' }));
      for (const next of [...click, ...moves]) {
        const key = `${next.state} ${next.approved}`;
        if (!seen.has(key)) queue.push(next);
        seen.set(key, next);
      }
    }
    expect(seen.has('running true')).toBe(true);
    expect(seen.has('running false')).toBe(false);
  });
});

describe('steps', () => {
  it('that have settled move on into a rollback or not at all', () => {
    for (const from of stepStates.filter(stepSettled)) {
      for (const to of stepStates.filter((state) => advanceStep(from, state).ok)) {
        expect([from, to]).toEqual([expect.stringMatching(/^(succeeded|failed)$/), 'rolling-back']);
      }
    }
  });

  it('run only after they were ready', () => {
    expect(stepStates.filter((from) => advanceStep(from, 'running').ok)).toEqual(['ready']);
    const without = reachable<StepState>(['planned'], (a, b) => b !== 'ready' && advanceStep(a, b).ok);
    for (const state of ['running', 'verifying', 'unclear', 'succeeded', 'failed', 'rolling-back'] as const) {
      expect(without, state).not.toContain(state);
    }
  });

  it('are rolled back only after they took effect', () => {
    const doors = stepStates.filter(
      (from) => from !== 'rolling-back' && advanceStep(from, 'rolling-back').ok,
    );
    expect(doors).toEqual(['succeeded', 'failed']);
  });
});

it('a refused move says what was refused, and any path of accepted moves stays inside the table', () => {
  const path = fc.array(fc.constantFrom(...planStates), { maxLength: 30 });
  fc.assert(
    fc.property(path, (wishes) => {
      let state: PlanState = 'drafted';
      for (const to of wishes) {
        const ended = planEnded(state);
        const advance = advancePlan(state, to);
        if (advance.ok) {
          expect(ended).toBe(false);
          state = advance.state;
        } else {
          expect(advance).toMatchObject({ from: state, to, reason: expect.stringContaining(state) });
        }
      }
    }),
  );
});

function reachable<State>(from: readonly State[], may: (a: State, b: State) => boolean): State[] {
  const all = [...planStates, ...stepStates] as unknown as State[];
  const found = new Set(from);
  for (const a of found) for (const b of all) if (known(a, b) && may(a, b)) found.add(b);
  return [...found];
}

/** Both machines have states of one name; a state is only asked about in the machine it belongs to. */
function known(a: unknown, b: unknown): boolean {
  const plans = planStates as readonly unknown[];
  const steps = stepStates as readonly unknown[];
  return (plans.includes(a) && plans.includes(b)) || (steps.includes(a) && steps.includes(b));
}
