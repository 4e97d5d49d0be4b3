import type { Verification } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import type { Api, KubeObject } from './api.ts';
import type { Placed } from './objects.ts';

/** How far a workload is; `trouble` says why it does not go on. */
export type Progress = { title: string; done: boolean; line: string; trouble?: string };

type Counts = { [field: string]: number | undefined };
type Workload = KubeObject & {
  spec?: {
    replicas?: number;
    selector?: { matchLabels?: { [key: string]: string } };
    updateStrategy?: { type?: string };
  };
  status?: Counts & { updateRevision?: string; currentRevision?: string };
};
type Pod = KubeObject & {
  status?: { initContainerStatuses?: ContainerStatus[]; containerStatuses?: ContainerStatus[] };
};
type ContainerStatus = {
  name: string;
  image?: string;
  state?: { waiting?: { reason?: string; message?: string } };
};

const workloads = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);
const hopeless =
  /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|CrashLoopBackOff|CreateContainer\w*Error|RunContainerError)$/;
const patienceMilliseconds = 180_000;
const troubleMilliseconds = 2000;

/** Follows the workloads of a release until all have rolled out or one is stuck, telling the progress. */
export async function followWorkloads(
  api: Api,
  reader: Reader,
  placed: readonly Placed[],
): Promise<Verification> {
  const started = reader.now().getTime();
  let troubledSince: number | undefined;
  let told = '';
  for (let wait = 250; ; wait = Math.min(1500, wait * 1.5)) {
    const all = await progressOf(api, placed);
    const line = all.map(({ title, line }) => `${title}: ${line}`).join('; ');
    if (line !== told) reader.report(line);
    told = line;
    if (all.every(({ done }) => done))
      return { state: 'healthy', evidence: line === '' ? 'The release runs no workload.' : line };
    const now = reader.now().getTime();
    const trouble = all.find((it) => it.trouble !== undefined);
    troubledSince = trouble === undefined ? undefined : (troubledSince ?? now);
    if (troubledSince !== undefined && now - troubledSince >= troubleMilliseconds)
      return { state: 'failed', evidence: `${trouble?.title}: ${trouble?.line}; ${trouble?.trouble}` };
    if (now - started > patienceMilliseconds)
      return { state: 'unclear', evidence: `After ${Math.round((now - started) / 1000)} s: ${line}` };
    await reader.sleep(wait);
  }
}

/** How far each workload among the objects is. */
export async function progressOf(api: Api, placed: readonly Placed[]): Promise<Progress[]> {
  const own = placed.filter(({ kind, path }) => workloads.has(kind) && path !== undefined);
  return Promise.all(
    own.map(async ({ title, kind, path = '' }) => {
      const live = await api.find<Workload>(path);
      if (live === undefined) return { title, done: false, line: 'missing', trouble: 'it does not exist' };
      const { done, line } = rollout(kind, live);
      const trouble = done ? undefined : await podTrouble(api, path, live);
      return { title, done, line, ...(trouble === undefined ? {} : { trouble }) };
    }),
  );
}

/** By the rules of `kubectl rollout status`. */
function rollout(
  kind: string,
  { metadata, spec = {}, status = {} }: Workload,
): { done: boolean; line: string } {
  const { observedGeneration = 0 } = status;
  if (observedGeneration < (metadata?.generation ?? 0)) return { done: false, line: 'not noticed yet' };
  if (kind === 'DaemonSet')
    return counts(status, status['desiredNumberScheduled'] ?? 0, 'updatedNumberScheduled', 'numberAvailable');
  const wanted = spec.replicas ?? 1;
  const { updatedReplicas = 0, replicas = 0 } = status;
  if (kind === 'Deployment' && replicas > updatedReplicas && updatedReplicas >= wanted)
    return { done: false, line: `old replicas still to stop: ${replicas - updatedReplicas}` };
  const rolling =
    kind === 'Deployment' ||
    (spec.updateStrategy?.type !== 'OnDelete' && status.updateRevision !== status.currentRevision);
  return counts(
    status,
    wanted,
    rolling ? 'updatedReplicas' : undefined,
    kind === 'Deployment' ? 'availableReplicas' : 'readyReplicas',
  );
}

function counts(status: Counts, wanted: number, updated: string | undefined, ready: string) {
  const renewed = updated === undefined ? wanted : (status[updated] ?? 0);
  if (renewed < wanted) return { done: false, line: `${renewed} of ${wanted} updated` };
  const up = status[ready] ?? 0;
  return { done: up >= wanted, line: `${up} of ${wanted} ready` };
}

async function podTrouble(api: Api, path: string, { spec }: Workload): Promise<string | undefined> {
  const [, namespace] = /\/namespaces\/([^/]+)\//.exec(path) ?? [];
  const labels = Object.entries(spec?.selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  if (namespace === undefined || labels.length === 0) return undefined;
  const query = `labelSelector=${encodeURIComponent(labels.join(','))}`;
  const pods = await api.get<{ items: Pod[] }>(`/api/v1/namespaces/${namespace}/pods?${query}`);
  for (const { metadata, status } of pods.items) {
    if (metadata?.deletionTimestamp !== undefined) continue;
    for (const container of [
      ...(status?.initContainerStatuses ?? []),
      ...(status?.containerStatuses ?? []),
    ]) {
      const { reason = '', message } = container.state?.waiting ?? {};
      if (!hopeless.test(reason)) continue;
      const detail = message === undefined ? '' : `: ${message}`;
      return `${reason}: container ${container.name} of pod ${metadata?.name} (${container.image ?? 'no image'})${detail}`;
    }
  }
  return undefined;
}
