import type {
  CoreV1Event,
  V1CronJob,
  V1DaemonSet,
  V1Deployment,
  V1EndpointSlice,
  V1Job,
  V1LimitRange,
  V1Node,
  V1ObjectMeta,
  V1Pod,
  V1PodDisruptionBudget,
  V1PodTemplateSpec,
  V1ReplicaSet,
  V1ResourceQuota,
  V1Role,
  V1RoleBinding,
  V1Service,
  V1StatefulSet,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';

/** A type of the official client as it is on the wire: times are text. */
export type Wire<Value> = Value extends Date
  ? string
  : Value extends object
    ? { [Field in keyof Value]: Wire<Value[Field]> }
    : Value;

export type Metadata = Wire<V1ObjectMeta>;
export type PodTemplate = Wire<V1PodTemplateSpec>;
export type Deployment = Wire<V1Deployment>;
export type StatefulSet = Wire<V1StatefulSet>;
export type DaemonSet = Wire<V1DaemonSet>;
export type ReplicaSet = Wire<V1ReplicaSet>;
export type Node = Wire<V1Node>;
export type CronJob = Wire<V1CronJob>;
export type Job = Wire<V1Job>;
export type EndpointSlice = Wire<V1EndpointSlice>;
export type LimitRange = Wire<V1LimitRange>;
export type ResourceQuota = Wire<V1ResourceQuota>;
export type Role = Wire<V1Role>;
export type RoleBinding = Wire<V1RoleBinding>;
export type Service = Wire<V1Service>;
export type Pod = Wire<V1Pod>;
export type ClusterEvent = Wire<CoreV1Event>;
export type Autoscaler = Wire<V2HorizontalPodAutoscaler>;
export type DisruptionBudget = Wire<V1PodDisruptionBudget>;

/** Any object: what is not known is kept as the server sent it. */
export type KubeObject = {
  apiVersion?: string;
  kind?: string;
  metadata?: Metadata;
  [field: string]: unknown;
};

export type List<Item> = { items: Item[]; metadata?: { continue?: string } };
