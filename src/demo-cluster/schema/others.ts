import { podTemplate } from './pod.ts';
import {
  anything,
  conditions,
  flag,
  integer,
  intOrString,
  keyed,
  kindOf,
  labelSelector,
  list,
  map,
  object,
  text,
  textList,
  textSet,
} from './schema.ts';

const strategy = object({
  type: text,
  rollingUpdate: object({ maxSurge: intOrString, maxUnavailable: intOrString }),
});

export const deploymentSchema = kindOf({
  spec: object({
    replicas: integer,
    selector: labelSelector,
    template: podTemplate,
    strategy,
    minReadySeconds: integer,
    revisionHistoryLimit: integer,
    paused: flag,
    progressDeadlineSeconds: integer,
  }),
  status: object({
    observedGeneration: integer,
    replicas: integer,
    updatedReplicas: integer,
    readyReplicas: integer,
    availableReplicas: integer,
    unavailableReplicas: integer,
    terminatingReplicas: integer,
    collisionCount: integer,
    conditions,
  }),
});

export const replicaSetSchema = kindOf({
  spec: object({
    replicas: integer,
    minReadySeconds: integer,
    selector: labelSelector,
    template: podTemplate,
  }),
  status: object({
    replicas: integer,
    fullyLabeledReplicas: integer,
    readyReplicas: integer,
    availableReplicas: integer,
    terminatingReplicas: integer,
    observedGeneration: integer,
    conditions,
  }),
});

const jobSpec = object({
  parallelism: integer,
  completions: integer,
  activeDeadlineSeconds: integer,
  podFailurePolicy: anything,
  successPolicy: anything,
  backoffLimit: integer,
  backoffLimitPerIndex: integer,
  maxFailedIndexes: integer,
  selector: labelSelector,
  manualSelector: flag,
  template: podTemplate,
  ttlSecondsAfterFinished: integer,
  completionMode: text,
  suspend: flag,
  podReplacementPolicy: text,
  managedBy: text,
});

export const jobSchema = kindOf({ spec: jobSpec, status: object({ conditions }, { open: true }) });

export const cronJobSchema = kindOf({
  spec: object({
    schedule: text,
    timeZone: text,
    startingDeadlineSeconds: integer,
    concurrencyPolicy: text,
    suspend: flag,
    successfulJobsHistoryLimit: integer,
    failedJobsHistoryLimit: integer,
    jobTemplate: object({ metadata: anything, spec: jobSpec }),
  }),
  status: anything,
});

export const namespaceSchema = kindOf({
  spec: object({ finalizers: textList }),
  status: object({ phase: text, conditions }),
});

export const nodeSchema = kindOf({
  spec: object(
    {
      podCIDR: text,
      podCIDRs: textSet,
      providerID: text,
      unschedulable: flag,
      taints: list(object({ key: text, value: text, effect: text, timeAdded: text })),
    },
    { open: true },
  ),
  status: object({ conditions }, { open: true }),
});

export const serviceSchema = kindOf({
  spec: object({
    ports: keyed(
      object({
        name: text,
        protocol: text,
        appProtocol: text,
        port: integer,
        targetPort: intOrString,
        nodePort: integer,
      }),
      ['port', 'protocol'],
      'port',
    ),
    selector: { ...map(text), atomic: true },
    clusterIP: text,
    clusterIPs: textList,
    type: text,
    externalIPs: textList,
    sessionAffinity: text,
    sessionAffinityConfig: anything,
    loadBalancerIP: text,
    loadBalancerClass: text,
    loadBalancerSourceRanges: textList,
    externalName: text,
    externalTrafficPolicy: text,
    internalTrafficPolicy: text,
    trafficDistribution: text,
    healthCheckNodePort: integer,
    publishNotReadyAddresses: flag,
    ipFamilies: textList,
    ipFamilyPolicy: text,
    allocateLoadBalancerNodePorts: flag,
  }),
  status: object({ loadBalancer: anything, conditions }),
});

export const endpointsSchema = kindOf({ subsets: list(anything) });

export const endpointSliceSchema = kindOf({
  addressType: text,
  endpoints: list(anything),
  ports: list(anything),
});

const objectReference = object(
  {
    kind: text,
    namespace: text,
    name: text,
    uid: text,
    apiVersion: text,
    resourceVersion: text,
    fieldPath: text,
  },
  { atomic: true },
);

export const eventSchema = kindOf({
  involvedObject: objectReference,
  reason: text,
  message: text,
  source: object({ component: text, host: text }),
  firstTimestamp: text,
  lastTimestamp: text,
  count: integer,
  type: text,
  eventTime: text,
  series: anything,
  action: text,
  related: objectReference,
  reportingComponent: text,
  reportingInstance: text,
});

const backend = object({
  service: object({ name: text, port: object({ name: text, number: integer }, { atomic: true }) }),
  resource: anything,
});

export const ingressSchema = kindOf({
  spec: object({
    ingressClassName: text,
    defaultBackend: backend,
    tls: list(object({ hosts: textList, secretName: text })),
    rules: list(
      object({ host: text, http: object({ paths: list(object({ path: text, pathType: text, backend })) }) }),
    ),
  }),
  status: object({ loadBalancer: anything }),
});

export const autoscalerSchema = kindOf({
  spec: object({
    scaleTargetRef: object({ apiVersion: text, kind: text, name: text }, { atomic: true }),
    minReplicas: integer,
    maxReplicas: integer,
    metrics: list(anything),
    behavior: anything,
  }),
  status: object({ conditions }, { open: true }),
});

export const leaseSchema = kindOf({ spec: object({}, { open: true }) });

export const budgetSchema = kindOf({
  spec: object({
    minAvailable: intOrString,
    maxUnavailable: intOrString,
    selector: labelSelector,
    unhealthyPodEvictionPolicy: text,
  }),
  status: object({ conditions }, { open: true }),
});

export const quotaSchema = kindOf({
  spec: object({ hard: map(intOrString), scopes: textList, scopeSelector: anything }),
  status: anything,
});

export const roleSchema = kindOf({ rules: list(anything), aggregationRule: anything });

export const roleBindingSchema = kindOf({
  subjects: list(anything),
  roleRef: object({ apiGroup: text, kind: text, name: text }, { atomic: true }),
});

export const networkPolicySchema = kindOf({
  spec: object({
    podSelector: labelSelector,
    ingress: list(anything),
    egress: list(anything),
    policyTypes: textList,
  }),
});

export const tokenRequestSchema = kindOf({
  spec: object({ audiences: textList, expirationSeconds: integer, boundObjectRef: anything }),
  status: anything,
});

export const scaleSchema = kindOf({
  spec: object({ replicas: integer }),
  status: object({ replicas: integer, selector: text }),
});
