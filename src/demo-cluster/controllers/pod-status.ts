import { hash } from '../kinds/defaults.ts';
import type { Condition, ContainerStatus, Pod } from '../types.ts';
import { withCondition } from './context.ts';

type PodStatus = NonNullable<Pod['status']>;

/** The status of a pod whose containers are being created. */
export function basePodStatus(pod: Pod): PodStatus {
  const containerStatuses = pod.spec.containers.map(({ name, image }) => ({
    name,
    state: { waiting: { reason: 'ContainerCreating' } },
    lastState: {},
    ready: false,
    restartCount: 0,
    image,
    imageID: '',
    started: false,
  }));
  const status: PodStatus = { phase: 'Pending', containerStatuses, qosClass: qualityOf(pod) };
  return withReadiness(pod, status);
}

/** The status with new container states: phase and conditions follow from them. */
export function withContainers(pod: Pod, containerStatuses: ContainerStatus[]): PodStatus {
  const before = pod.status ?? basePodStatus(pod);
  const isStarted = containerStatuses.some(
    ({ state, lastState }) => state.running ?? state.terminated ?? lastState.terminated,
  );
  const address = isStarted ? addressOf(pod) : undefined;
  const network = address === undefined ? {} : { podIP: address, podIPs: [{ ip: address }] };
  return withReadiness(pod, {
    ...before,
    ...network,
    phase: phaseOf(pod, containerStatuses),
    containerStatuses,
  });
}

function phaseOf(pod: Pod, statuses: ContainerStatus[]): PodStatus['phase'] {
  const isFinal = pod.spec.restartPolicy !== 'Always';
  const ended = statuses.map((each) => each.state.terminated);
  if (isFinal && ended.every((each) => each?.exitCode === 0)) return 'Succeeded';
  if (pod.spec.restartPolicy === 'Never' && ended.every((each) => each !== undefined)) return 'Failed';
  const isStarted = statuses.every(
    ({ state, lastState }) => state.running ?? state.terminated ?? lastState.terminated,
  );
  return isStarted ? 'Running' : 'Pending';
}

function withReadiness(pod: Pod, status: PodStatus): PodStatus {
  const statuses = status.containerStatuses ?? [];
  const unready = statuses.filter((each) => !each.ready).map((each) => each.name);
  const isDone = status.phase === 'Succeeded';
  const message = `containers with unready status: [${unready.join(' ')}]`;
  const why = isDone ? { reason: 'PodCompleted' } : { reason: 'ContainersNotReady', message };
  const isReady = unready.length === 0 && statuses.length > 0;
  const readiness = (type: string): Condition => ({
    type,
    ...(isReady ? { status: 'True' } : { status: 'False', ...why }),
  });
  const hasAddress = status.podIP !== undefined;
  let conditions = status.conditions ?? pod.status?.conditions;
  const all: Condition[] = [
    { type: 'PodReadyToStartContainers', status: hasAddress && !isDone ? 'True' : 'False' },
    { type: 'Initialized', status: 'True' },
    readiness('Ready'),
    readiness('ContainersReady'),
    { type: 'PodScheduled', status: 'True' },
  ];
  for (const condition of all) conditions = withCondition(conditions, condition);
  return { ...status, conditions };
}

function addressOf(pod: Pod): string {
  const number = hash(pod.metadata.uid);
  return `10.244.${hash(pod.spec.nodeName ?? '') % 250}.${(number % 250) + 2}`;
}

function qualityOf(pod: Pod): string {
  const named = pod.spec.containers.map(
    (each) => each.resources as { limits?: object; requests?: object } | undefined,
  );
  if (named.every((each) => each?.limits === undefined && each?.requests === undefined)) return 'BestEffort';
  return 'Burstable';
}
