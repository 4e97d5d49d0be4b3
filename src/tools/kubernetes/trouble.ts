import { FaultError } from '../../domain/fault.ts';
import type { Cluster } from './client.ts';
import { podLog } from './pod-log.ts';
import { newPodsOf } from './pods.ts';
import type { Pod } from './wire.ts';
import type { Workload, WorkloadInput } from './workload.ts';

/** Why a rollout does not go on. `patient` troubles may pass by themselves, e.g. when a node is added. */
export type Trouble = { key: string; patient: boolean; tell: () => Promise<string> };

type Condition = { type: string; status: string; reason?: string; message?: string };
type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

const unpullable = new Set(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);
const unstartable = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']);

/** The weightiest trouble of a workload's new pods or of the workload itself, or undefined. */
export async function findTrouble(
  cluster: Cluster,
  input: WorkloadInput,
  workload: Workload,
): Promise<Trouble | undefined> {
  const own = ownTrouble(workload);
  if (own !== undefined) return own;
  let waiting: Trouble | undefined;
  for (const pod of await newPodsOf(cluster, input, workload)) {
    if (pod.metadata?.deletionTimestamp !== undefined) continue;
    const found = podTrouble(cluster, pod);
    if (found !== undefined && !found.patient) return found;
    waiting ??= found;
  }
  return waiting;
}

/** What is wrong with one pod, in words. */
export function podTrouble(cluster: Cluster, pod: Pod): Trouble | undefined {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const status of statuses) {
    const found = containerTrouble(cluster, pod, status);
    if (found !== undefined) return found;
  }
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status !== 'False') return undefined;
  const words = `pod ${pod.metadata?.name} is pending: ${scheduled.message ?? scheduled.reason}`;
  return trouble('pending', words, true);
}

function containerTrouble(cluster: Cluster, pod: Pod, status: ContainerStatus): Trouble | undefined {
  const waiting = status.state?.waiting;
  const reason = waiting?.reason ?? '';
  const detail = waiting?.message === undefined ? '' : `: ${waiting.message}`;
  if (unpullable.has(reason)) {
    const image = pod.spec?.containers.find(({ name }) => name === status.name)?.image ?? status.image;
    return trouble('image', `${reason}: image ${image} cannot be pulled${detail}`);
  }
  if (unstartable.has(reason)) {
    return trouble(reason, `container ${status.name} cannot start: ${reason}${detail}`);
  }
  if (reason !== 'CrashLoopBackOff') return undefined;
  const exit = status.lastState?.terminated?.exitCode;
  const code = exit === undefined ? '' : `, exit code ${exit}`;
  const words = `CrashLoopBackOff: container ${status.name} of pod ${pod.metadata?.name} keeps crashing${code}`;
  const tell = async () => `${words}${await lastLines(cluster, pod, status.name)}`;
  return { key: 'crash', patient: false, tell };
}

async function lastLines(cluster: Cluster, pod: Pod, container: string): Promise<string> {
  for (const previous of [false, true]) {
    try {
      const text = (await podLog(cluster, pod, { container, tailLines: 5, previous })).trim();
      if (text !== '') return `; its last lines:\n${text}`;
    } catch (error) {
      // The evidence stands without log lines: a crashed container's log may be gone or not ours to read.
      if (!(error instanceof FaultError)) throw error;
    }
  }
  return '';
}

function ownTrouble(workload: Workload): Trouble | undefined {
  const conditions = ((workload.status as { conditions?: Condition[] } | undefined)?.conditions ?? []).filter(
    ({ type }) => type === 'ReplicaFailure' || type === 'Progressing',
  );
  const failure = conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  if (failure !== undefined) {
    const words = `pods cannot be made: ${failure.message ?? failure.reason}`;
    return trouble('replica-failure', words);
  }
  const late = conditions.find(({ reason }) => reason === 'ProgressDeadlineExceeded');
  if (late === undefined) return undefined;
  return trouble('deadline', `the rollout made no progress: ${late.message}`, true);
}

function trouble(key: string, words: string, patient = false): Trouble {
  return { key, patient, tell: async () => words };
}
