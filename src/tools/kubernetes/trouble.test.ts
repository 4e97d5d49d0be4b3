import { expect, test } from 'vitest';
import type { Cluster } from './client.ts';
import { findTrouble, podTrouble } from './trouble.ts';
import type { Pod } from './wire.ts';
import type { Workload, WorkloadInput } from './workload.ts';

const cluster = { text: async () => 'one\ntwo\n' } as unknown as Cluster;

test.each([
  ['ImagePullBackOff', 'image a:1 cannot be pulled: no such tag'],
  ['CreateContainerConfigError', 'container web cannot start: CreateContainerConfigError: no such tag'],
])('%s is told in words and does not wait', async (reason, words) => {
  const found = podTrouble(cluster, pod({ waiting: { reason, message: 'no such tag' } }));
  expect(await found?.tell()).toContain(words);
  expect(found?.patient).toBe(false);
});

test('a crash is told with its exit code and last lines', async () => {
  const found = podTrouble(
    cluster,
    pod({ waiting: { reason: 'CrashLoopBackOff' } }, { terminated: { exitCode: 137 } }),
  );
  expect(await found?.tell()).toBe(
    'CrashLoopBackOff: container web of pod web-1 keeps crashing, exit code 137; its last lines:\none\ntwo',
  );
});

test('a pod that no node takes may still be helped', async () => {
  const conditions = [
    { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' },
  ];
  const pending = { metadata: { name: 'web-1' }, status: { phase: 'Pending', conditions } } as Pod;
  const found = podTrouble(cluster, pending);
  expect(found?.patient).toBe(true);
  expect(await found?.tell()).toBe('pod web-1 is pending: 0/3 nodes');
});

test('a starting container is no trouble', () => {
  expect(podTrouble(cluster, pod({ waiting: { reason: 'ContainerCreating' } }))).toBeUndefined();
});

test('a quota that is used up is told from the conditions of the workload', async () => {
  const conditions = [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota: small' }];
  const workload = { spec: { selector: {}, template: {} }, status: { conditions } } as unknown as Workload;
  const found = await findTrouble(cluster, {} as WorkloadInput, workload);
  expect(await found?.tell()).toBe('pods cannot be made: exceeded quota: small');
});

function pod(state: object, lastState: object = {}): Pod {
  const statuses = [{ name: 'web', image: 'a:1', ready: false, restartCount: 1, state, lastState }];
  return {
    metadata: { name: 'web-1', namespace: 'shop' },
    spec: { containers: [{ name: 'web', image: 'a:1' }] },
    status: { containerStatuses: statuses },
  } as unknown as Pod;
}
