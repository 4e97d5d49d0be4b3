import { dirname } from 'node:path';
import { inside } from '../backend.ts';
import { bounds, memoryBytes } from '../limits/index.ts';
import { cleanEnvironment } from '../programs.ts';
import type { PodOptions } from './options.ts';
import { type LinkFile, linkFolder, linkName } from './wire.ts';

/** By which the NetworkPolicy of docs/step-pods.yaml knows steps. */
export const stepLabel = { 'app.kubernetes.io/name': 'reign-step' } as const;
/** Whose step it is: the worker's host, which in a cluster is the name of its pod. */
export const workerLabel = 'reign.dev/worker';

/** The ordinary account of every step in a pod; what it can reach is its own pod. */
const account = 10_001;
/** Nobody needs a pod that nobody has taken for a day. */
const longestSeconds = 24 * 3600;
/** Long enough to read what became of it. */
const keptSeconds = 60;
const agentMb = 96;
const workMb = 2048;

export type JobOptions = Pick<PodOptions, 'image' | 'pullSecret'> & {
  name: string;
  worker: string;
  /** The worker's own pod, with which the Job goes. */
  owner: { name: string; uid: string } | undefined;
  command: readonly string[];
};

/** The Job of one step: one pod, started once, with nothing of the cluster's and nothing of the node's in it. */
export function stepJob({ name, worker, owner, command, image, pullSecret }: JobOptions): object {
  const labels = { ...stepLabel, [workerLabel]: worker };
  const spec = {
    ...{ restartPolicy: 'Never', automountServiceAccountToken: false, enableServiceLinks: false },
    terminationGracePeriodSeconds: 5,
    securityContext: {
      ...{ runAsNonRoot: true, runAsUser: account, runAsGroup: account, fsGroup: account },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    ...(pullSecret === undefined ? {} : { imagePullSecrets: [{ name: pullSecret }] }),
    containers: [stepContainer(image, command)],
    volumes: stepVolumes(name),
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels, ...ownedBy('v1', 'Pod', owner) },
    spec: {
      ...{ backoffLimit: 0, completions: 1, parallelism: 1 },
      activeDeadlineSeconds: longestSeconds,
      ttlSecondsAfterFinished: keptSeconds,
      template: { metadata: { labels }, spec },
    },
  };
}

/** The Secret that only this step's pod mounts; it goes with its Job. */
export function stepSecret(job: { name: string; uid: string }, link: LinkFile): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: job.name, labels: stepLabel, ...ownedBy('batch/v1', 'Job', job) },
    immutable: true,
    type: 'Opaque',
    stringData: { [linkName]: JSON.stringify(link) },
  };
}

function stepContainer(image: string, command: readonly string[]): object {
  const memory = String(memoryBytes(bounds.memoryMb + agentMb));
  return {
    ...{ name: 'step', image, command, workingDir: inside.workFolder },
    // What the first process said when it failed is then in the pod's status: no right to read logs is needed.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    env: Object.entries(cleanEnvironment(inside.workFolder)).map(([name, value]) => ({ name, value })),
    resources: {
      limits: { cpu: String(bounds.cpus), memory, 'ephemeral-storage': `${workMb + bounds.temporaryMb}Mi` },
      requests: { cpu: '100m', memory: '256Mi' },
    },
    securityContext: {
      ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, privileged: false },
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'work', mountPath: inside.workFolder },
      { name: 'temporary', mountPath: '/tmp' },
      { name: 'run', mountPath: dirname(inside.socketPath) },
      { name: 'link', mountPath: linkFolder, readOnly: true },
    ],
  };
}

function stepVolumes(secretName: string): object[] {
  return [
    { name: 'work', emptyDir: { sizeLimit: `${workMb}Mi` } },
    { name: 'temporary', emptyDir: { sizeLimit: `${bounds.temporaryMb}Mi` } },
    { name: 'run', emptyDir: { sizeLimit: '1Mi' } },
    { name: 'link', secret: { secretName, defaultMode: 0o440 } },
  ];
}

function ownedBy(apiVersion: string, kind: string, owner: { name: string; uid: string } | undefined): object {
  if (owner === undefined) return {};
  const { name, uid } = owner;
  return { ownerReferences: [{ apiVersion, kind, name, uid }] };
}
