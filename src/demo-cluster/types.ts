/** The objects as Kubernetes writes them, with the fields this room reads. */

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean | undefined;
  blockOwnerDeletion?: boolean | undefined;
}

export interface ManagedFieldsEntry {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time?: string | undefined;
  fieldsType: 'FieldsV1';
  fieldsV1: Record<string, unknown>;
  subresource?: string | undefined;
}

export interface ObjectMeta {
  name: string;
  generateName?: string | undefined;
  namespace?: string | undefined;
  uid: string;
  resourceVersion?: string | undefined;
  generation?: number | undefined;
  creationTimestamp: string;
  deletionTimestamp?: string | undefined;
  deletionGracePeriodSeconds?: number | undefined;
  labels?: Record<string, string> | undefined;
  annotations?: Record<string, string> | undefined;
  ownerReferences?: OwnerReference[] | undefined;
  finalizers?: string[] | undefined;
  managedFields?: ManagedFieldsEntry[] | undefined;
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string | undefined;
  message?: string | undefined;
  lastTransitionTime?: string | undefined;
  lastUpdateTime?: string | undefined;
  lastProbeTime?: string | null | undefined;
}

export interface LabelSelector {
  matchLabels?: Record<string, string> | undefined;
  matchExpressions?: { key: string; operator: string; values?: string[] | undefined }[] | undefined;
}

export interface ContainerPort {
  name?: string | undefined;
  containerPort: number;
  protocol?: string | undefined;
}

export interface Container {
  name: string;
  image: string;
  ports?: ContainerPort[] | undefined;
  imagePullPolicy?: string | undefined;
  [field: string]: unknown;
}

export interface PodSpec {
  containers: Container[];
  initContainers?: Container[] | undefined;
  nodeName?: string | undefined;
  restartPolicy?: string | undefined;
  terminationGracePeriodSeconds?: number | undefined;
  [field: string]: unknown;
}

export interface PodTemplate {
  metadata?: Partial<ObjectMeta> | undefined;
  spec: PodSpec;
}

export interface ContainerState {
  running?: { startedAt: string } | undefined;
  waiting?: { reason: string; message?: string | undefined } | undefined;
  terminated?:
    | {
        exitCode: number;
        reason: string;
        startedAt: string;
        finishedAt: string;
        containerID?: string | undefined;
      }
    | undefined;
}

export interface ContainerStatus {
  name: string;
  state: ContainerState;
  lastState: ContainerState;
  ready: boolean;
  restartCount: number;
  image: string;
  imageID: string;
  containerID?: string | undefined;
  started?: boolean | undefined;
}

export interface Pod extends KubeObject {
  spec: PodSpec;
  status?: {
    phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
    conditions?: Condition[] | undefined;
    containerStatuses?: ContainerStatus[] | undefined;
    hostIP?: string | undefined;
    hostIPs?: { ip: string }[] | undefined;
    podIP?: string | undefined;
    podIPs?: { ip: string }[] | undefined;
    startTime?: string | undefined;
    qosClass?: string | undefined;
    reason?: string | undefined;
    message?: string | undefined;
  };
}

export interface ReplicaSet extends KubeObject {
  spec: {
    replicas: number;
    minReadySeconds?: number | undefined;
    selector: LabelSelector;
    template: PodTemplate;
  };
  status?: {
    replicas: number;
    fullyLabeledReplicas?: number | undefined;
    readyReplicas?: number | undefined;
    availableReplicas?: number | undefined;
    observedGeneration?: number | undefined;
  };
}

export interface DeploymentStatus {
  observedGeneration?: number | undefined;
  replicas?: number | undefined;
  updatedReplicas?: number | undefined;
  readyReplicas?: number | undefined;
  availableReplicas?: number | undefined;
  unavailableReplicas?: number | undefined;
  conditions?: Condition[] | undefined;
}

export interface Deployment extends KubeObject {
  spec: {
    replicas: number;
    selector: LabelSelector;
    template: PodTemplate;
    minReadySeconds?: number | undefined;
    paused?: boolean | undefined;
    progressDeadlineSeconds?: number | undefined;
    revisionHistoryLimit?: number | undefined;
    strategy: {
      type: 'RollingUpdate' | 'Recreate';
      rollingUpdate?: { maxSurge: number | string; maxUnavailable: number | string } | undefined;
    };
  };
  status?: DeploymentStatus;
}

export interface Job extends KubeObject {
  spec: {
    parallelism?: number | undefined;
    completions?: number | undefined;
    backoffLimit?: number | undefined;
    suspend?: boolean | undefined;
    activeDeadlineSeconds?: number | undefined;
    ttlSecondsAfterFinished?: number | undefined;
    selector?: LabelSelector | undefined;
    template: PodTemplate;
  };
  status?: {
    active?: number | undefined;
    ready?: number | undefined;
    succeeded?: number | undefined;
    failed?: number | undefined;
    startTime?: string | undefined;
    completionTime?: string | undefined;
    conditions?: Condition[] | undefined;
  };
}

export interface ServicePort {
  name?: string | undefined;
  port: number;
  targetPort?: number | string | undefined;
  protocol?: string | undefined;
  nodePort?: number | undefined;
}

export interface Service extends KubeObject {
  spec: {
    type?: string | undefined;
    clusterIP?: string | undefined;
    clusterIPs?: string[] | undefined;
    selector?: Record<string, string> | undefined;
    ports?: ServicePort[] | undefined;
    [field: string]: unknown;
  };
}
