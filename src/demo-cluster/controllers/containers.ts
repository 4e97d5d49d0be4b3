import { timestamp } from '../cluster.ts';
import { imageBehaviour } from '../images.ts';
import { equal } from '../json.ts';
import { hash } from '../kinds/defaults.ts';
import type { Container, ContainerStatus, Pod } from '../types.ts';
import { type Context, changeStatus, workKey } from './context.ts';
import { stageSince } from './pod.ts';
import { basePodStatus, withContainers } from './pod-status.ts';

const mostRestarts = 8;
const mostPulls = 6;

/** Plays the kubelet: starts the containers of a scheduled pod, or fails as their images tell. */
export function runContainers(context: Context, pod: Pod): void {
  const stage = stageOf(pod);
  const since = stageSince(context, pod, stage);
  const left = since + durationOf(context, pod, stage) - Date.now();
  if (left > 0) context.loop.wake(workKey('pods', pod), left);
  else stepPod(context, pod);
}

function stepPod(context: Context, pod: Pod): void {
  const before = pod.status?.containerStatuses ?? basePodStatus(pod).containerStatuses ?? [];
  const next = pod.spec.containers.map((container, index) => step(context, pod, container, before[index]));
  const status = withContainers(pod, next);
  if (!equal(pod.status, status)) changeStatus(context, 'pods', pod, status, 'kubelet');
  if (stageOf({ ...pod, status }) === 'settled') context.stages.delete(pod.metadata.uid);
}

type Stage =
  | 'creating'
  | 'starting'
  | 'running'
  | 'pull-failed'
  | 'pull-waiting'
  | 'crashed'
  | 'crash-waiting'
  | 'settled';

/** Where the pod is: its containers go together, so the one that is least far decides. */
function stageOf(pod: Pod): Stage {
  const statuses = pod.status?.containerStatuses ?? [];
  const stages = pod.spec.containers.map((container, index) =>
    containerStage(pod, container, statuses[index]),
  );
  const order: Stage[] = [
    'creating',
    'pull-failed',
    'starting',
    'running',
    'crashed',
    'pull-waiting',
    'crash-waiting',
  ];
  return order.find((stage) => stages.includes(stage)) ?? 'settled';
}

function containerStage(pod: Pod, container: Container, status: ContainerStatus | undefined): Stage {
  if (status === undefined || status.image !== container.image) return 'creating';
  const { running, waiting, terminated } = status.state;
  if (waiting?.reason === 'ErrImagePull') return 'pull-failed';
  if (waiting?.reason === 'ImagePullBackOff') return 'pull-waiting';
  if (waiting?.reason === 'CrashLoopBackOff')
    return status.restartCount >= mostRestarts ? 'settled' : 'crash-waiting';
  if (waiting !== undefined) return 'creating';
  if (terminated !== undefined) {
    const isOver =
      pod.spec.restartPolicy === 'Never' ||
      (terminated.exitCode === 0 && pod.spec.restartPolicy !== 'Always');
    return isOver ? 'settled' : 'crashed';
  }
  if (running === undefined) return 'creating';
  const mustEnd = pod.spec.restartPolicy !== 'Always' || imageBehaviour(container.image) === 'crashes';
  if (mustEnd) return 'running';
  return status.ready ? 'settled' : 'starting';
}

function durationOf(context: Context, pod: Pod, stage: Stage): number {
  const { podReadyMs, imagePullBackOffMs } = context.cluster.timing;
  const tries = context.stages.get(pod.metadata.uid)?.tries ?? 0;
  // Pods differ a little, always in the same way for the same pod.
  const pace = 0.8 + (hash(pod.metadata.uid) % 40) / 100;
  const durations: Record<Stage, number> = {
    creating: 0.4 * podReadyMs * pace,
    starting: 0.6 * podReadyMs * pace,
    running: podReadyMs * pace,
    'pull-failed': imagePullBackOffMs,
    'pull-waiting': imagePullBackOffMs * 4 * 2 ** tries,
    crashed: 0.3 * podReadyMs,
    'crash-waiting': podReadyMs * 2 ** Math.min(8, restartsOf(pod)),
    settled: 0,
  };
  return durations[stage];
}

/** The next state of one container; containers that are further than the others keep theirs. */
function step(
  context: Context,
  pod: Pod,
  container: Container,
  before: ContainerStatus | undefined,
): ContainerStatus {
  const stage = containerStage(pod, container, before);
  const restartCount =
    (before?.restartCount ?? 0) + (before !== undefined && before.image !== container.image ? 1 : 0);
  const base = {
    name: container.name,
    lastState: before?.lastState ?? {},
    restartCount,
    image: container.image,
  };
  if (stage === 'creating') return pull(context, pod, container, base);
  if (stage === 'pull-failed') return backOffPull(context, pod, container, base);
  if (stage === 'pull-waiting') return retryPull(context, pod, container, base, before);
  if (before === undefined) return pull(context, pod, container, base);
  if (stage === 'starting') return { ...before, ready: true };
  if (stage === 'running') return end(pod, container, before);
  if (stage === 'crashed') return backOffCrash(context, pod, container, before);
  if (stage === 'crash-waiting')
    return start(context, pod, container, { ...base, restartCount: before.restartCount + 1 });
  return before;
}

type Base = Pick<ContainerStatus, 'name' | 'lastState' | 'restartCount' | 'image'>;

function pull(context: Context, pod: Pod, container: Container, base: Base): ContainerStatus {
  const { image } = container;
  tell(context, pod, container, 'Normal', 'Pulling', `Pulling image "${image}"`);
  if (imageBehaviour(image) === 'missing') {
    const message = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
    tell(context, pod, container, 'Warning', 'Failed', `Failed to pull image "${image}": ${message}`);
    tell(context, pod, container, 'Warning', 'Failed', 'Error: ErrImagePull');
    return waiting(base, 'ErrImagePull', message);
  }
  const size = 20_000_000 + (hash(image) % 80_000_000);
  const message = `Successfully pulled image "${image}" in 212ms (212ms including waiting). Image size: ${size} bytes.`;
  tell(context, pod, container, 'Normal', 'Pulled', message);
  return start(context, pod, container, base);
}

function start(context: Context, pod: Pod, container: Container, base: Base): ContainerStatus {
  tell(context, pod, container, 'Normal', 'Created', `Created container: ${container.name}`);
  tell(context, pod, container, 'Normal', 'Started', `Started container ${container.name}`);
  const state = { running: { startedAt: timestamp() } };
  return { ...base, state, ready: false, started: true, ...identity(pod, container, base.restartCount) };
}

function backOffPull(context: Context, pod: Pod, container: Container, base: Base): ContainerStatus {
  const message = `Back-off pulling image "${container.image}"`;
  tell(context, pod, container, 'Normal', 'BackOff', message);
  tell(context, pod, container, 'Warning', 'Failed', 'Error: ImagePullBackOff');
  return waiting(base, 'ImagePullBackOff', message);
}

/** Tries again a few times, ever later, then rests in the back-off: an idle cluster costs nothing. */
function retryPull(
  context: Context,
  pod: Pod,
  container: Container,
  base: Base,
  before: ContainerStatus | undefined,
): ContainerStatus {
  const known = context.stages.get(pod.metadata.uid);
  if (known !== undefined && known.tries >= mostPulls && before !== undefined) return before;
  if (known !== undefined) known.tries += 1;
  return pull(context, pod, container, base);
}

function end(pod: Pod, container: Container, before: ContainerStatus): ContainerStatus {
  const crashes = imageBehaviour(container.image) === 'crashes';
  const startedAt = before.state.running?.startedAt ?? timestamp();
  const exit = crashes ? { exitCode: 1, reason: 'Error' } : { exitCode: 0, reason: 'Completed' };
  const { containerID } = identity(pod, container, before.restartCount);
  const terminated = { ...exit, startedAt, finishedAt: timestamp(), containerID };
  return { ...before, state: { terminated }, ready: false, started: false };
}

function backOffCrash(
  context: Context,
  pod: Pod,
  container: Container,
  before: ContainerStatus,
): ContainerStatus {
  const seconds = Math.min(300, 10 * 2 ** before.restartCount);
  const name = `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
  tell(
    context,
    pod,
    container,
    'Warning',
    'BackOff',
    `Back-off restarting failed container ${container.name} in pod ${name}`,
  );
  const message = `back-off ${seconds}s restarting failed container=${container.name} pod=${name}`;
  const state = { waiting: { reason: 'CrashLoopBackOff', message } };
  return { ...before, state, lastState: before.state, ready: false };
}

function waiting(base: Base, reason: string, message: string): ContainerStatus {
  return { ...base, state: { waiting: { reason, message } }, ready: false, started: false, imageID: '' };
}

function identity(
  pod: Pod,
  { name, image }: Container,
  restartCount: number,
): { imageID: string; containerID: string } {
  const digest = (text: string) => hash(text).toString(16).padStart(8, '0').repeat(8);
  return {
    imageID: `${image.replace(/[:@][^/]*$/, '')}@sha256:${digest(image)}`,
    containerID: `demo://${digest(`${pod.metadata.uid}/${name}/${restartCount}`)}`,
  };
}

function restartsOf(pod: Pod): number {
  return Math.max(0, ...(pod.status?.containerStatuses ?? []).map((each) => each.restartCount));
}

function tell(
  context: Context,
  pod: Pod,
  container: Container,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  const source = { component: 'kubelet', host: pod.spec.nodeName };
  context.events(pod, type, reason, message, source, `spec.containers{${container.name}}`);
}
