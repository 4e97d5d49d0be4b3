import { expect, test } from 'vitest';
import { progressOf } from './rollout.ts';
import type { Workload, WorkloadInput, WorkloadKind } from './workload.ts';

test.each([
  ['not seen yet', { observedGeneration: 1 }, false, 'waiting for the cluster to notice the change'],
  ['updating', { observedGeneration: 2, updatedReplicas: 1 }, false, '1 of 3 replicas updated'],
  [
    'old ones left',
    { observedGeneration: 2, updatedReplicas: 3, replicas: 4 },
    false,
    'old replicas still to stop: 1',
  ],
  [
    'not available',
    { observedGeneration: 2, updatedReplicas: 3, replicas: 3, availableReplicas: 2 },
    false,
    '2 of 3 replicas available',
  ],
  [
    'done',
    { observedGeneration: 2, updatedReplicas: 3, replicas: 3, availableReplicas: 3 },
    true,
    '3 of 3 replicas available',
  ],
])('deployment: %s', (_name, status, done, line) => {
  expect(progress('deployment', { replicas: 3 }, status)).toEqual({ done, line });
});

test('a deployment scaled to zero is done when nothing is left', () => {
  expect(progress('deployment', { replicas: 0 }, { observedGeneration: 2, replicas: 1 }).done).toBe(false);
  expect(progress('deployment', { replicas: 0 }, { observedGeneration: 2 }).done).toBe(true);
});

test('a stateful set waits for its new revision, less what a partition keeps back', () => {
  const moving = { observedGeneration: 2, replicas: 3, readyReplicas: 3, updatedReplicas: 2 };
  const revisions = { currentRevision: 'a', updateRevision: 'b' };
  const spec = { replicas: 3, updateStrategy: { type: 'RollingUpdate' } };
  expect(progress('statefulset', spec, { ...moving, ...revisions })).toEqual({
    done: false,
    line: '2 of 3 replicas updated',
  });
  const kept = { ...spec, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } };
  expect(progress('statefulset', kept, { ...moving, ...revisions }).done).toBe(true);
});

test('a daemon set counts nodes', () => {
  const status = {
    observedGeneration: 2,
    desiredNumberScheduled: 5,
    updatedNumberScheduled: 5,
    numberAvailable: 4,
  };
  expect(progress('daemonset', {}, status)).toEqual({ done: false, line: '4 of 5 pods available' });
});

function progress(kind: WorkloadKind, spec: object, status: object) {
  const workload = { metadata: { generation: 2 }, spec, status } as unknown as Workload;
  return progressOf({ kind } as WorkloadInput, workload);
}
