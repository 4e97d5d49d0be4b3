import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, type Json, sha256 } from '../../domain/json.ts';
import type { Ask, Cluster } from './client.ts';
import { findKind, type Kind, objectPath } from './kinds.ts';
import { kubeName } from './names.ts';
import type { DaemonSet, Deployment, PodTemplate, StatefulSet } from './wire.ts';

export const workloadKinds = ['deployment', 'statefulset', 'daemonset'] as const;
export type WorkloadKind = (typeof workloadKinds)[number];

/** Where a workload is, in full; part of the input of every operation on one. */
export const workloadInput = z.strictObject({
  environment: z.string(),
  connection: z.string(),
  clusterUid: z.string(),
  namespace: kubeName,
  kind: z.enum(workloadKinds),
  name: kubeName,
});
export type WorkloadInput = z.infer<typeof workloadInput>;

/** A deployment, stateful set or daemon set as the server sent it. */
export type Workload = (Deployment | StatefulSet | DaemonSet) & {
  spec?: { replicas?: number; paused?: boolean; template: PodTemplate };
};

/** What previews show and fingerprints are made of: the same for an unchanged world, to the byte. */
export type View = {
  replicas: number | null;
  images: { [container: string]: string };
  paused: boolean;
  /** Hash of the pod template, less what a restart or a controller writes into it. */
  template: string;
  restartedAt: string | null;
};

export const restartedAtKey = 'kubectl.kubernetes.io/restartedAt';

export function kindOf(kind: WorkloadKind): Kind {
  const found = findKind(kind);
  if (found === undefined) throw new FaultError('internal', `Unknown workload kind ${kind}.`);
  return found;
}

export function workloadPath({ kind, namespace, name }: WorkloadInput): string {
  return objectPath(kindOf(kind), name, namespace);
}

/** The request that reads a workload. */
export function workloadAsk({ kind, namespace, name }: WorkloadInput): Ask {
  return ({ apps }) => {
    switch (kind) {
      case 'deployment':
        return apps.readNamespacedDeployment(name, namespace);
      case 'statefulset':
        return apps.readNamespacedStatefulSet(name, namespace);
      case 'daemonset':
        return apps.readNamespacedDaemonSet(name, namespace);
      default:
        return kind satisfies never;
    }
  };
}

/** @throws FaultError `not-found` in words, when it is gone. */
export async function readWorkload(cluster: Cluster, input: WorkloadInput): Promise<Workload> {
  const found = await cluster.find<Workload>(workloadAsk(input));
  if (found !== undefined) return found;
  throw new FaultError('not-found', `The ${wordsOf(input)} does not exist (any more).`);
}

/** "deployment shop/checkout in staging". */
export function wordsOf({ kind, namespace, name, environment }: WorkloadInput): string {
  return `${kind} ${namespace}/${name} in ${environment}`;
}

export function templateOf(workload: Workload): PodTemplate {
  const template = workload.spec?.template;
  if (template === undefined) throw new FaultError('internal', 'The workload has no pod template.');
  return template;
}

export function viewOf(workload: Workload): View {
  const template = templateOf(workload);
  const containers = template.spec?.containers ?? [];
  return {
    replicas: workload.spec?.replicas ?? null,
    images: Object.fromEntries(containers.map(({ name, image }) => [name, image ?? ''])),
    paused: workload.spec?.paused ?? false,
    template: templateHash(template),
    restartedAt: template.metadata?.annotations?.[restartedAtKey] ?? null,
  };
}

/** A short hash of a template, equal for a deployment and the replica set made from it. */
export function templateHash(template: PodTemplate): string {
  const { [restartedAtKey]: _restarted, ...annotations } = template.metadata?.annotations ?? {};
  const { 'pod-template-hash': _hash, ...labels } = template.metadata?.labels ?? {};
  return sha256(canonicalJson({ annotations, labels, spec: template.spec ?? {} })).slice(0, 16);
}

/** The workload's view as JSON. */
export function viewJson(view: View): { [field: string]: Json } {
  return { ...view };
}

/** Which container a new image is for: the only one, or the one with the workload's name. */
export function mainContainer(workload: Workload): string | undefined {
  const names = (templateOf(workload).spec?.containers ?? []).map(({ name }) => name);
  if (names.length === 1) return names[0];
  return names.find((name) => name === workload.metadata?.name);
}
