import { isObject, type JsonObject } from '../json.ts';
import type {
  Container,
  Deployment,
  Job,
  KubeObject,
  Pod,
  PodTemplate,
  ReplicaSet,
  Service,
} from '../types.ts';

export function defaultDeployment(object: KubeObject): void {
  const { spec } = object as Deployment;
  spec.replicas ??= 1;
  spec.strategy ??= { type: 'RollingUpdate' };
  spec.strategy.type ??= 'RollingUpdate';
  if (spec.strategy.type === 'RollingUpdate') {
    const rolling: { maxSurge?: number | string; maxUnavailable?: number | string } =
      spec.strategy.rollingUpdate ?? {};
    spec.strategy.rollingUpdate = { maxUnavailable: '25%', maxSurge: '25%', ...rolling };
  }
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
  defaultTemplate(spec.template, 'Always');
}

export function defaultReplicaSet(object: KubeObject): void {
  const { spec } = object as ReplicaSet;
  spec.replicas ??= 1;
  defaultTemplate(spec.template, 'Always');
}

export function defaultCronJob({ spec }: KubeObject): void {
  const wanted = spec as JsonObject;
  wanted.concurrencyPolicy ??= 'Allow';
  wanted.suspend ??= false;
  wanted.successfulJobsHistoryLimit ??= 3;
  wanted.failedJobsHistoryLimit ??= 1;
}

export function defaultJob(object: KubeObject): void {
  const { spec, metadata } = object as Job & { spec: JsonObject };
  spec.parallelism ??= 1;
  spec.completions ??= 1;
  spec.backoffLimit ??= 6;
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  spec.podReplacementPolicy ??= 'TerminatingOrFailed';
  if (spec.template === undefined || metadata.uid === undefined) return;
  // The server itself ties a job to its pods by the uid of the job.
  const labels = { 'batch.kubernetes.io/controller-uid': metadata.uid };
  spec.selector ??= { matchLabels: labels };
  spec.template.metadata ??= {};
  const names = { 'batch.kubernetes.io/job-name': metadata.name, 'job-name': metadata.name };
  spec.template.metadata.labels = { ...spec.template.metadata.labels, ...labels, ...names };
  defaultTemplate(spec.template, undefined);
}

export function defaultPod(object: KubeObject): void {
  const { spec } = object as Pod;
  defaultTemplate({ spec }, 'Always');
  spec.serviceAccountName ??= 'default';
  spec.serviceAccount ??= spec.serviceAccountName;
  spec.enableServiceLinks ??= true;
}

export function defaultService(object: KubeObject): void {
  const service = object as Service;
  service.spec ??= {};
  const { spec } = service;
  spec.type ??= 'ClusterIP';
  spec.sessionAffinity ??= 'None';
  for (const port of spec.ports ?? []) {
    port.protocol ??= 'TCP';
    port.targetPort ??= port.port;
  }
  if (spec.type === 'ExternalName') return;
  spec.clusterIP ??= clusterAddress(object.metadata.uid);
  spec.clusterIPs ??= [spec.clusterIP];
  spec.internalTrafficPolicy ??= 'Cluster';
  spec.ipFamilies ??= ['IPv4'];
  spec.ipFamilyPolicy ??= 'SingleStack';
  if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') {
    spec.externalTrafficPolicy ??= 'Cluster';
    for (const port of spec.ports ?? [])
      port.nodePort ??= 30000 + (hash(`${object.metadata.uid}${port.port}`) % 2768);
  }
  service.status ??= { loadBalancer: {} };
}

/** `stringData` is write-only: the server keeps it as base64 in `data`. */
export function defaultSecret(object: KubeObject): void {
  object.type ??= 'Opaque';
  if (!isObject(object.stringData)) return;
  const encoded = Object.entries(object.stringData).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ]);
  object.data = { ...(object.data as JsonObject | undefined), ...Object.fromEntries(encoded) };
  delete object.stringData;
}

export function defaultNamespace(object: KubeObject): void {
  object.spec ??= { finalizers: ['kubernetes'] };
  object.status ??= { phase: 'Active' };
  object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name };
}

export function defaultAutoscaler(object: KubeObject): void {
  const spec = object.spec as JsonObject;
  spec.minReplicas ??= 1;
  const resource = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } };
  spec.metrics ??= [{ type: 'Resource', resource }];
}

/** FNV-1a, 32 bits: small and the same on every machine. */
export function hash(value: string): number {
  let result = 0x811c9dc5;
  for (let index = 0; index < value.length; index += 1) {
    result = Math.imul(result ^ value.charCodeAt(index), 0x01000193) >>> 0;
  }
  return result;
}

function defaultTemplate(template: PodTemplate | undefined, restartPolicy: string | undefined): void {
  const spec = template?.spec;
  if (!isObject(spec)) return;
  if (restartPolicy !== undefined) spec.restartPolicy ??= restartPolicy;
  spec.terminationGracePeriodSeconds ??= 30;
  spec.dnsPolicy ??= 'ClusterFirst';
  spec.securityContext ??= {};
  spec.schedulerName ??= 'default-scheduler';
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])])
    defaultContainer(container);
}

function defaultContainer(container: Container): void {
  container.resources ??= {};
  container.terminationMessagePath ??= '/dev/termination-log';
  container.terminationMessagePolicy ??= 'File';
  const isLatest = !/[:@][^/]*$/.test(container.image ?? '') || (container.image ?? '').endsWith(':latest');
  container.imagePullPolicy ??= isLatest ? 'Always' : 'IfNotPresent';
  for (const port of container.ports ?? []) port.protocol ??= 'TCP';
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[name];
    if (!isObject(probe)) continue;
    Object.assign(probe, {
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
      ...probe,
    });
    if (isObject(probe.httpGet)) probe.httpGet.scheme ??= 'HTTP';
  }
}

function clusterAddress(uid: string): string {
  const number = hash(uid);
  return `10.96.${(number >>> 8) % 256}.${(number % 250) + 2}`;
}
