import { ageColumn, deploymentColumns, nameColumn, replicaSetColumns } from './kinds/columns.ts';
import * as defaults from './kinds/defaults.ts';
import * as more from './kinds/more-columns.ts';
import type { Resource } from './kinds/resource.ts';
import * as validate from './kinds/validate.ts';
import * as others from './schema/others.ts';
import { configMapSchema, podSchema, secretSchema, serviceAccountSchema } from './schema/pod.ts';
import type { ObjectSchema } from './schema/schema.ts';

/** The resource table: a kind the demo cluster keeps is one entry here. */
export const resources: readonly Resource[] = [
  entry('v1', 'namespaces', 'Namespace', others.namespaceSchema, {
    namespaced: false,
    shortNames: ['ns'],
    status: true,
    labelName: true,
    columns: more.namespaceColumns,
    selectableFields: ['status.phase'],
    defaults: defaults.defaultNamespace,
  }),
  entry('v1', 'nodes', 'Node', others.nodeSchema, {
    namespaced: false,
    shortNames: ['no'],
    status: true,
    columns: more.nodeColumns,
    selectableFields: ['spec.unschedulable'],
  }),
  entry('v1', 'pods', 'Pod', podSchema, {
    shortNames: ['po'],
    categories: ['all'],
    status: true,
    returnsDeleted: true,
    columns: more.podColumns,
    selectableFields: [
      'spec.nodeName',
      'spec.restartPolicy',
      'spec.serviceAccountName',
      'status.phase',
      'status.podIP',
    ],
    defaults: defaults.defaultPod,
    validate: validate.validatePod,
  }),
  entry('v1', 'services', 'Service', others.serviceSchema, {
    shortNames: ['svc'],
    categories: ['all'],
    status: true,
    returnsDeleted: true,
    labelName: true,
    columns: more.serviceColumns,
    selectableFields: ['spec.clusterIP', 'spec.type'],
    defaults: defaults.defaultService,
    validate: validate.validateService,
  }),
  entry('v1', 'endpoints', 'Endpoints', others.endpointsSchema, {
    singular: 'endpoints',
    shortNames: ['ep'],
    columns: more.endpointsColumns,
  }),
  entry('v1', 'configmaps', 'ConfigMap', configMapSchema, {
    shortNames: ['cm'],
    columns: [nameColumn, more.countColumn('Data', 'data', 'binaryData'), ageColumn],
    validate: validate.validateContent,
  }),
  entry('v1', 'secrets', 'Secret', secretSchema, {
    columns: more.secretColumns,
    selectableFields: ['type'],
    defaults: defaults.defaultSecret,
    validate: validate.validateContent,
  }),
  entry('v1', 'resourcequotas', 'ResourceQuota', others.quotaSchema, { shortNames: ['quota'], status: true }),
  entry('v1', 'serviceaccounts', 'ServiceAccount', serviceAccountSchema, {
    shortNames: ['sa'],
    returnsDeleted: true,
    columns: [nameColumn, more.countColumn('Secrets', 'secrets'), ageColumn],
  }),
  entry('v1', 'events', 'Event', others.eventSchema, {
    shortNames: ['ev'],
    columns: more.eventColumns,
    selectableFields: [
      ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
        (field) => `involvedObject.${field}`,
      ),
      'reason',
      'reportingComponent',
      'source',
      'type',
    ],
  }),
  entry('apps/v1', 'deployments', 'Deployment', others.deploymentSchema, {
    shortNames: ['deploy'],
    categories: ['all'],
    status: true,
    scale: true,
    generation: true,
    columns: deploymentColumns,
    defaults: defaults.defaultDeployment,
    validate: validate.validateDeployment,
  }),
  entry('apps/v1', 'replicasets', 'ReplicaSet', others.replicaSetSchema, {
    shortNames: ['rs'],
    categories: ['all'],
    status: true,
    scale: true,
    generation: true,
    columns: replicaSetColumns,
    selectableFields: ['status.replicas'],
    defaults: defaults.defaultReplicaSet,
    validate: validate.validateWorkload,
  }),
  entry('batch/v1', 'jobs', 'Job', others.jobSchema, {
    categories: ['all'],
    status: true,
    generation: true,
    columns: more.jobColumns,
    selectableFields: ['status.successful'],
    defaults: defaults.defaultJob,
    validate: validate.validateJob,
  }),
  entry('batch/v1', 'cronjobs', 'CronJob', others.cronJobSchema, {
    shortNames: ['cj'],
    categories: ['all'],
    status: true,
    generation: true,
    columns: more.cronJobColumns,
    defaults: defaults.defaultCronJob,
    validate: validate.validateCronJob,
  }),
  entry('autoscaling/v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', others.autoscalerSchema, {
    shortNames: ['hpa'],
    categories: ['all'],
    status: true,
    columns: more.autoscalerColumns,
    defaults: defaults.defaultAutoscaler,
    validate: validate.validateAutoscaler,
  }),
  entry('networking.k8s.io/v1', 'ingresses', 'Ingress', others.ingressSchema, {
    singular: 'ingress',
    shortNames: ['ing'],
    status: true,
    generation: true,
    columns: more.ingressColumns,
  }),
  entry('networking.k8s.io/v1', 'networkpolicies', 'NetworkPolicy', others.networkPolicySchema, {
    singular: 'networkpolicy',
    shortNames: ['netpol'],
    generation: true,
  }),
  entry('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice', others.endpointSliceSchema, {}),
  entry('coordination.k8s.io/v1', 'leases', 'Lease', others.leaseSchema, {}),
  entry('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget', others.budgetSchema, {
    shortNames: ['pdb'],
    status: true,
    generation: true,
    columns: more.budgetColumns,
  }),
  entry('rbac.authorization.k8s.io/v1', 'roles', 'Role', others.roleSchema, {}),
  entry('rbac.authorization.k8s.io/v1', 'rolebindings', 'RoleBinding', others.roleBindingSchema, {}),
  entry('rbac.authorization.k8s.io/v1', 'clusterroles', 'ClusterRole', others.roleSchema, {
    namespaced: false,
  }),
  entry(
    'rbac.authorization.k8s.io/v1',
    'clusterrolebindings',
    'ClusterRoleBinding',
    others.roleBindingSchema,
    {
      namespaced: false,
    },
  ),
];

/** Kinds that are only answered, never kept. */
export const answeredKinds = [
  answered('authorization.k8s.io/v1', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', ['create']),
  answered('authentication.k8s.io/v1', 'selfsubjectreviews', 'SelfSubjectReview', ['create']),
  answered('metrics.k8s.io/v1beta1', 'nodes', 'NodeMetrics', ['get', 'list']),
  { ...answered('metrics.k8s.io/v1beta1', 'pods', 'PodMetrics', ['get', 'list']), namespaced: true },
];

function answered(apiVersion: string, plural: string, kind: string, verbs: string[]) {
  const [group, version] = splitApiVersion(apiVersion);
  const singular = verbs.includes('create') ? kind.toLowerCase() : '';
  return { group, version, plural, kind, verbs, singular, namespaced: false };
}

const byKey = new Map(resources.map((resource) => [resource.key, resource]));

/** The entry of a kind that is known to be in the table. */
export function resourceOf(key: string): Resource {
  const resource = byKey.get(key);
  if (resource === undefined) throw new Error(`no resource ${key}`);
  return resource;
}

export function findResource(group: string, version: string, plural: string): Resource | undefined {
  const resource = byKey.get(group === '' ? plural : `${plural}.${group}`);
  return resource?.version === version ? resource : undefined;
}

export function findKind(apiVersion: string, kind: string): Resource | undefined {
  const [group, version] = splitApiVersion(apiVersion);
  return resources.find((each) => each.kind === kind && each.group === group && each.version === version);
}

function splitApiVersion(apiVersion: string): [group: string, version: string] {
  const [group = '', version] = apiVersion.split('/');
  return version === undefined ? ['', group] : [group, version];
}

function entry(
  apiVersion: string,
  plural: string,
  kind: string,
  schema: ObjectSchema,
  more: Partial<Resource>,
): Resource {
  const [group, version] = splitApiVersion(apiVersion);
  return {
    key: group === '' ? plural : `${plural}.${group}`,
    group,
    version,
    plural,
    singular: plural.replace(/s$/, ''),
    kind,
    namespaced: true,
    schema,
    status: false,
    scale: false,
    generation: false,
    returnsDeleted: false,
    columns: [nameColumn, ageColumn],
    selectableFields: [],
    ...more,
  };
}
