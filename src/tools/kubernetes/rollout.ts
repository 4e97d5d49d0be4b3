import type { Verification } from '../../domain/operation.ts';
import type { Cluster } from './client.ts';
import { findTrouble, type Trouble } from './trouble.ts';
import type { DaemonSet, Deployment, StatefulSet } from './wire.ts';
import { type View, viewOf, type Workload, type WorkloadInput, wordsOf, workloadAsk } from './workload.ts';

export type Progress = { done: boolean; line: string };

const patienceMilliseconds = 100_000;
const troubleMilliseconds = 2000;

/**
 * Follows a rollout until it is done or stuck, telling its progress. A new pod that cannot start fails it after two
 * seconds. `kept` says whether the object is still as we left it: if not, nothing can be said about our change.
 */
export async function followRollout(
  cluster: Cluster,
  input: WorkloadInput,
  kept: (view: View) => boolean,
): Promise<Verification> {
  const { reader } = cluster;
  const started = reader.now().getTime();
  const seen = new Map<string, number>();
  let told = '';
  for (let wait = 250; ; wait = Math.min(1000, wait * 1.5)) {
    const live = await cluster.find<Workload>(workloadAsk(input));
    if (live === undefined) return { state: 'failed', evidence: `The ${wordsOf(input)} was deleted.` };
    if (!kept(viewOf(live)))
      return { state: 'unclear', evidence: `Somebody changed the ${wordsOf(input)} meanwhile.` };
    const { done, line } = progressOf(input, live);
    if (line !== told) reader.report(line);
    told = line;
    if (done) return { state: 'healthy', evidence: line };
    const trouble = await findTrouble(cluster, input, live);
    const now = reader.now().getTime();
    if (trouble !== undefined && lasts(seen, trouble, now)) return failed(trouble, line);
    if (now - started > patienceMilliseconds) {
      const late = `${line} after ${Math.round((now - started) / 1000)} s`;
      return trouble === undefined ? { state: 'unclear', evidence: late } : failed(trouble, late);
    }
    await reader.sleep(wait);
  }
}

/** How far a rollout is, by the rules of `kubectl rollout status`. */
export function progressOf({ kind }: WorkloadInput, workload: Workload): Progress {
  switch (kind) {
    case 'deployment':
      return deploymentProgress(workload as Deployment);
    case 'statefulset':
      return statefulSetProgress(workload as StatefulSet);
    case 'daemonset':
      return daemonSetProgress(workload as DaemonSet);
    default:
      return kind satisfies never;
  }
}

function deploymentProgress({ metadata, spec, status }: Deployment): Progress {
  const wanted = spec?.replicas ?? 1;
  const { updatedReplicas: updated = 0, replicas: all = 0, availableReplicas: available = 0 } = status ?? {};
  if (!observed(metadata?.generation, status?.observedGeneration)) return notSeen;
  if (updated < wanted) return { done: false, line: `${updated} of ${wanted} replicas updated` };
  if (all > updated) return { done: false, line: `old replicas still to stop: ${all - updated}` };
  return { done: available >= wanted, line: `${available} of ${wanted} replicas available` };
}

function statefulSetProgress({ metadata, spec, status }: StatefulSet): Progress {
  const wanted = spec?.replicas ?? 1;
  const { readyReplicas: ready = 0, replicas: all = 0, updatedReplicas: updated = 0 } = status ?? {};
  if (!observed(metadata?.generation, status?.observedGeneration)) return notSeen;
  if (all > wanted) return { done: false, line: `replicas still to stop: ${all - wanted}` };
  if (ready < wanted) return { done: false, line: `${ready} of ${wanted} replicas ready` };
  const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
  const rolling =
    spec?.updateStrategy?.type !== 'OnDelete' && status?.updateRevision !== status?.currentRevision;
  const share = Math.max(0, wanted - partition);
  if (rolling && updated < share) return { done: false, line: `${updated} of ${share} replicas updated` };
  return { done: true, line: `${ready} of ${wanted} replicas ready` };
}

function daemonSetProgress({ metadata, spec, status }: DaemonSet): Progress {
  const wanted = status?.desiredNumberScheduled ?? 0;
  const updated = status?.updatedNumberScheduled ?? 0;
  const available = status?.numberAvailable ?? 0;
  if (!observed(metadata?.generation, status?.observedGeneration)) return notSeen;
  const rolling = spec?.updateStrategy?.type !== 'OnDelete';
  if (rolling && updated < wanted) return { done: false, line: `${updated} of ${wanted} pods updated` };
  return { done: available >= wanted, line: `${available} of ${wanted} pods available` };
}

const notSeen: Progress = { done: false, line: 'waiting for the cluster to notice the change' };

function observed(generation: number | undefined, seen: number | undefined): boolean {
  return (seen ?? 0) >= (generation ?? 0);
}

function lasts(seen: Map<string, number>, { key, patient }: Trouble, now: number): boolean {
  const since = seen.get(key) ?? now;
  seen.set(key, since);
  return !patient && now - since >= troubleMilliseconds;
}

async function failed({ tell }: Trouble, line: string): Promise<Verification> {
  return { state: 'failed', evidence: `${line}. ${await tell()}` };
}
