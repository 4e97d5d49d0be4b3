import type { PlanState, StepState } from './plan.ts';

/**
 * The only moves a plan can make. An approved plan reaches `running` through `waiting-for-lock` alone,
 * and nothing leaves an end state.
 */
const planMoves: Record<PlanState, readonly PlanState[]> = {
  drafted: ['previewed', 'cancelled', 'failed', 'rejected'],
  previewed: ['waiting-for-approval', 'waiting-for-lock', 'rejected', 'failed', 'cancelled'],
  'waiting-for-approval': ['waiting-for-lock', 'rejected', 'expired', 'cancelled', 'previewed', 'failed'],
  'waiting-for-lock': ['running', 'cancelled', 'expired', 'previewed', 'failed', 'rejected'],
  running: ['succeeded', 'failed', 'rolled-back', 'cancelled', 'needs-a-person', 'previewed'],
  succeeded: [],
  failed: [],
  'rolled-back': [],
  rejected: [],
  expired: [],
  cancelled: [],
  'needs-a-person': [],
};

const stepMoves: Record<StepState, readonly StepState[]> = {
  planned: ['awaiting-approval', 'ready', 'skipped', 'cancelled', 'rejected'],
  'awaiting-approval': ['ready', 'planned', 'rejected', 'cancelled', 'skipped'],
  ready: ['running', 'planned', 'failed', 'skipped', 'cancelled'],
  running: ['verifying', 'unclear', 'failed', 'succeeded', 'planned'],
  verifying: ['succeeded', 'failed', 'unclear', 'verifying'],
  unclear: ['verifying', 'ready', 'failed', 'succeeded', 'unclear'],
  succeeded: ['rolling-back'],
  failed: ['rolling-back'],
  skipped: [],
  rejected: [],
  cancelled: [],
  'rolling-back': ['rolled-back', 'roll-back-failed', 'rolling-back'],
  'rolled-back': [],
  'roll-back-failed': [],
};

export type Advance<State> =
  | { ok: true; state: State }
  | { ok: false; from: State; to: State; reason: string };

/** Whether a plan may go from one state to another; a refused move is data, to be recorded. */
export function advancePlan(from: PlanState, to: PlanState): Advance<PlanState> {
  return move('plan', planMoves, from, to);
}

/** Whether a step may go from one state to another; a refused move is data, to be recorded. */
export function advanceStep(from: StepState, to: StepState): Advance<StepState> {
  return move('step', stepMoves, from, to);
}

function move<State extends string>(
  what: string,
  moves: Record<State, readonly State[]>,
  from: State,
  to: State,
): Advance<State> {
  if (moves[from].includes(to)) return { ok: true, state: to };
  return { ok: false, from, to, reason: `a ${what} that is ${from} cannot become ${to}` };
}
