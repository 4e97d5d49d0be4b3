import { equal } from '../json.ts';
import { deleteObject } from '../removal.ts';
import { resourceOf } from '../resources.ts';
import { matchesSelector } from '../selector.ts';
import type { KubeObject, Pod, Service, ServicePort } from '../types.ts';
import { type Context, changeObject, createOwned } from './context.ts';
import { readySince } from './replica-set.ts';

/** Keeps the Endpoints and EndpointSlice of a Service to the pods it selects. */
export function reconcileService(context: Context, object: KubeObject): void {
  const service = object as Service;
  const { selector } = service.spec;
  if (selector === undefined || service.metadata.deletionTimestamp !== undefined) return;
  const pods = (context.cluster.store.list('pods', service.metadata.namespace) as Pod[]).filter(
    (pod) =>
      pod.status?.podIP !== undefined &&
      pod.status.phase === 'Running' &&
      pod.metadata.deletionTimestamp === undefined &&
      matchesSelector({ matchLabels: selector }, pod.metadata.labels),
  );
  ensure(context, service, 'endpoints', service.metadata.name, { subsets: subsetsOf(service, pods) });
  const name = `${service.metadata.name}-demo`;
  ensure(context, service, 'endpointslices.discovery.k8s.io', name, sliceOf(service, pods));
}

/** Endpoints have no owner: they go with their Service by name. */
export function dropEndpoints(context: Context, namespace: string, name: string): void {
  const live = context.cluster.store.get('endpoints', namespace, name);
  if (live !== undefined) deleteObject(context.cluster, resourceOf('endpoints'), live, {});
}

function ensure(context: Context, service: Service, key: string, name: string, content: object): void {
  const live = context.cluster.store.get(key, service.metadata.namespace, name);
  if (live === undefined) {
    const labels = { ...service.metadata.labels, 'kubernetes.io/service-name': service.metadata.name };
    createOwned(context, key, service, { metadata: { name, labels }, ...content });
  } else if (Object.entries(content).some(([field, value]) => !equal(live[field], value))) {
    changeObject(context, key, live, (draft) => Object.assign(draft, content));
  }
}

function subsetsOf(service: Service, pods: Pod[]): unknown[] {
  if (pods.length === 0) return [];
  const addresses = pods.filter((pod) => readySince(pod) !== undefined).map(addressOf);
  const notReady = pods.filter((pod) => readySince(pod) === undefined).map(addressOf);
  const ports = (service.spec.ports ?? []).map((port) => portOf(port, pods[0]));
  return [
    {
      ...(addresses.length > 0 ? { addresses } : {}),
      ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
      ports,
    },
  ];
}

function sliceOf(service: Service, pods: Pod[]): object {
  const endpoints = pods.map((pod) => {
    const ready = readySince(pod) !== undefined;
    const { ip, nodeName, targetRef } = addressOf(pod);
    return {
      addresses: [ip],
      conditions: { ready, serving: ready, terminating: false },
      nodeName,
      targetRef,
    };
  });
  const ports = (service.spec.ports ?? []).map((port) => portOf(port, pods[0]));
  return { addressType: 'IPv4', endpoints, ports };
}

function addressOf(pod: Pod): { ip: string; nodeName: string | undefined; targetRef: object } {
  const { name, namespace, uid } = pod.metadata;
  const targetRef = { kind: 'Pod', namespace, name, uid };
  return { ip: pod.status?.podIP ?? '', nodeName: pod.spec.nodeName, targetRef };
}

function portOf(port: ServicePort, pod: Pod | undefined): object {
  const named = pod?.spec.containers
    .flatMap((each) => each.ports ?? [])
    .find((each) => each.name === port.targetPort);
  const number = typeof port.targetPort === 'number' ? port.targetPort : (named?.containerPort ?? port.port);
  return {
    ...(port.name === undefined ? { name: '' } : { name: port.name }),
    port: number,
    protocol: port.protocol ?? 'TCP',
  };
}
