import type { Cluster } from '../cluster.ts';
import { ApiFailure } from '../failure.ts';
import { matchesSelector } from '../selector.ts';
import type { Change } from '../store/store.ts';
import type { KubeObject, Service } from '../types.ts';
import { reconcileAutoscaler } from './autoscaler.ts';
import { budgetKey, reconcileBudget } from './budget.ts';
import { type Context, makeContext, workKey } from './context.ts';
import { reconcileDeployment } from './deployment.ts';
import { dropEndpoints, reconcileService } from './endpoints.ts';
import { collectGarbage } from './garbage.ts';
import { reconcileJob } from './job.ts';
import { type Loop, makeLoop } from './loop.ts';
import { reconcileNamespace } from './namespace.ts';
import { reconcilePod } from './pod.ts';
import { reconcileReplicaSet } from './replica-set.ts';

const deployments = 'deployments.apps';
const autoscalers = 'horizontalpodautoscalers.autoscaling';

const reconcilers: Record<string, (context: Context, object: KubeObject) => void> = {
  namespaces: reconcileNamespace,
  pods: reconcilePod,
  services: reconcileService,
  [deployments]: reconcileDeployment,
  'replicasets.apps': reconcileReplicaSet,
  'jobs.batch': reconcileJob,
  [autoscalers]: reconcileAutoscaler,
  [budgetKey]: reconcileBudget,
};
const garbage = 'garbage';

/**
 * Starts the controllers. Each is driven by the state of the objects alone, so after a restart they go on
 * where they were.
 */
export function startControllers(cluster: Cluster): { stop(): void } {
  const loop = makeLoop(
    (key) => handle(context, key),
    (key, error) => {
      // A controller that met a refused write tries again when its objects change.
      if (!(error instanceof ApiFailure)) cluster.log(`controller failed on ${key}: ${String(error)}`);
    },
  );
  const context = makeContext(cluster, loop);
  cluster.store.onWrite((change) => follow(context, loop, change));
  for (const key of cluster.store.resources()) wakeAll(context, loop, key);
  loop.enqueue(garbage);
  return loop;
}

function handle(context: Context, key: string): void {
  if (key === garbage) {
    collectGarbage(context);
    return;
  }
  const [resource = '', namespace, name = ''] = key.split('|');
  const object = context.cluster.store.get(resource, namespace, name);
  if (object !== undefined) reconcilers[resource]?.(context, object);
  else if (resource === 'services') dropEndpoints(context, namespace ?? '', name);
}

function enqueue(loop: Loop, resource: string, object: KubeObject): void {
  if (reconcilers[resource] !== undefined) loop.enqueue(workKey(resource, object));
}

/** Wakes everybody a change concerns: the object itself, its owners, and who selects or targets it. */
function follow(context: Context, loop: Loop, { type, resource, object }: Change): void {
  wakeNamespace(context, loop, type, object);
  if (resource === 'events') return;
  enqueue(loop, resource, object);
  const { namespace = '', ownerReferences, deletionTimestamp } = object.metadata;
  for (const { kind, name } of ownerReferences ?? []) {
    const key = ownerKinds[kind];
    if (key !== undefined) loop.enqueue(`${key}|${namespace}|${name}`);
    // A recreating Deployment waits until the last old pod is gone.
    const isGonePod = resource === 'pods' && type === 'DELETED' && kind === 'ReplicaSet';
    if (isGonePod) wakeAll(context, loop, deployments, namespace);
  }
  if (resource === 'pods') wakeServices(context, loop, object);
  if (resource === 'pods' || resource === deployments) wakeAll(context, loop, budgetKey, namespace);
  if (resource === deployments) wakeAll(context, loop, autoscalers, namespace);
  if (resource === 'nodes') wakeAll(context, loop, 'pods');
  if (type === 'DELETED' || deletionTimestamp !== undefined) loop.enqueue(garbage);
}

function wakeAll({ cluster }: Context, loop: Loop, resource: string, namespace?: string): void {
  for (const object of cluster.store.list(resource, namespace)) enqueue(loop, resource, object);
}

const ownerKinds: Record<string, string> = {
  Deployment: deployments,
  ReplicaSet: 'replicasets.apps',
  Job: 'jobs.batch',
};

function wakeServices({ cluster }: Context, loop: Loop, pod: KubeObject): void {
  for (const service of cluster.store.list('services', pod.metadata.namespace) as Service[]) {
    const { selector } = service.spec;
    if (selector === undefined || !matchesSelector({ matchLabels: selector }, pod.metadata.labels)) continue;
    enqueue(loop, 'services', service);
  }
}

/** A namespace that is being deleted waits for its content to go. */
function wakeNamespace({ cluster }: Context, loop: Loop, type: Change['type'], object: KubeObject): void {
  if (type !== 'DELETED' || object.metadata.namespace === undefined) return;
  const namespace = cluster.store.get('namespaces', undefined, object.metadata.namespace);
  if (namespace?.metadata.deletionTimestamp !== undefined) enqueue(loop, 'namespaces', namespace);
}
