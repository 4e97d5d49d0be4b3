import type { Kind } from './kinds.ts';
import { progressOf } from './rollout.ts';
import type { KubeObject } from './wire.ts';
import { type Workload, type WorkloadInput, workloadKinds } from './workload.ts';

export type Seen = { met: boolean; line: string; over?: string };

type Status = {
  phase?: string;
  conditions?: { type: string; status: string; reason?: string; message?: string }[];
};

const words: { [word: string]: string } = {
  gone: 'deleted',
  removed: 'deleted',
  delete: 'deleted',
  deletion: 'deleted',
  rollout: 'rolled out',
  'rolled-out': 'rolled out',
  'roll out': 'rolled out',
  done: 'complete',
  completed: 'complete',
  finished: 'complete',
  completion: 'complete',
  up: 'ready',
};

/** A condition as it is looked for: "gone" is "deleted", "condition=Available" is "available". */
export function conditionOf(said: string): string {
  const plain = said
    .trim()
    .toLowerCase()
    .replace(/^(condition=|jsonpath=)/, '')
    .replace(/=true$/, '');
  return words[plain] ?? plain;
}

/** What is waited for where nobody says it. */
export function usualCondition(kind: string): string | undefined {
  if (workloadKinds.some((each) => each === kind.toLowerCase())) return 'rolled out';
  switch (kind) {
    case 'Pod':
    case 'Node':
      return 'ready';
    case 'Job':
      return 'complete';
    case 'PersistentVolumeClaim':
      return 'bound';
    default:
      return undefined;
  }
}

/** Whether an object is as it is waited for, how far it is, and why it never will be. */
export function seeCondition({ kind, singular }: Kind, object: KubeObject, condition: string): Seen {
  const workload = workloadKinds.find((each) => each === singular);
  const { phase, conditions = [] } = (object['status'] ?? {}) as Status;
  const held = conditions.find(({ type }) => type.toLowerCase() === condition);
  if (workload !== undefined && (held === undefined || condition === 'rolled out')) {
    if (!['rolled out', 'ready', 'available', 'complete'].includes(condition))
      return lacks(singular, condition);
    const { done, line } = progressOf({ kind: workload } as WorkloadInput, object as Workload);
    return { met: done, line };
  }
  const failed = conditions.find(({ type, status }) => type === 'Failed' && status === 'True');
  if (kind === 'Job' && failed !== undefined && condition !== 'failed')
    return { met: false, line: 'it failed', over: failed.message ?? failed.reason ?? 'it failed' };
  if (held !== undefined) {
    const why = held.message ?? held.reason;
    return { met: held.status === 'True', line: `${held.type} is ${held.status}${why ? ` (${why})` : ''}` };
  }
  if (phase !== undefined) return { met: phase.toLowerCase() === condition, line: `it is ${phase}` };
  if (kind === 'Job' || kind === 'Pod' || kind === 'Node')
    return { met: false, line: `not ${condition} yet` };
  return lacks(singular, condition);
}

function lacks(singular: string, condition: string): Seen {
  const over = `a ${singular} has nothing called "${condition}" to wait for`;
  return { met: false, line: over, over };
}
