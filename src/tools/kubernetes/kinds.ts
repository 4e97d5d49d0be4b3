/** A kind that lists and descriptions know, with the words that people use for it. */
export type Kind = {
  kind: string;
  singular: string;
  plural: string;
  /** Path of the API group's version. */
  api: string;
  namespaced: boolean;
  short: readonly string[];
};

const core = '/api/v1';
const apps = '/apis/apps/v1';
const batch = '/apis/batch/v1';
const networking = '/apis/networking.k8s.io/v1';
const rbac = '/apis/rbac.authorization.k8s.io/v1';

/** Common kinds; the order is the order in which a bare name is looked for. */
export const kinds: readonly Kind[] = [
  row('Deployment', apps, true, ['deploy']),
  row('StatefulSet', apps, true, ['sts']),
  row('DaemonSet', apps, true, ['ds']),
  row('Pod', core, true, ['po']),
  row('Service', core, true, ['svc']),
  row('Ingress', networking, true, ['ing'], 'ingresses'),
  row('Job', batch, true, []),
  row('CronJob', batch, true, ['cj']),
  row('Node', core, false, ['no']),
  row('Namespace', core, false, ['ns']),
  row('ConfigMap', core, true, ['cm']),
  row('Secret', core, true, []),
  row('ReplicaSet', apps, true, ['rs']),
  row('HorizontalPodAutoscaler', '/apis/autoscaling/v2', true, ['hpa', 'autoscaler', 'autoscalers']),
  row('PersistentVolumeClaim', core, true, ['pvc', 'volumeclaim', 'volume claim', 'volume claims']),
  row('PersistentVolume', core, false, ['pv', 'volume', 'volumes']),
  row('StorageClass', '/apis/storage.k8s.io/v1', false, ['sc'], 'storageclasses'),
  row('ServiceAccount', core, true, ['sa']),
  row('NetworkPolicy', networking, true, ['netpol'], 'networkpolicies'),
  row('PodDisruptionBudget', '/apis/policy/v1', true, ['pdb']),
  row('Endpoints', core, true, ['ep', 'endpoint'], 'endpoints'),
  row('ResourceQuota', core, true, ['quota', 'quotas']),
  row('LimitRange', core, true, ['limits']),
  row('Event', core, true, ['ev']),
  row('Role', rbac, true, []),
  row('RoleBinding', rbac, true, []),
  row('ClusterRole', rbac, false, []),
  row('ClusterRoleBinding', rbac, false, []),
  row('IngressClass', networking, false, [], 'ingressclasses'),
];

/** A kind of the table by its own name. */
export function kindNamed(name: string): Kind {
  const found = kinds.find(({ kind }) => kind === name);
  if (found === undefined) throw new Error(`The table holds no ${name}.`);
  return found;
}

/** The kinds among which a name without a kind is looked for. */
export const bareNameKinds = kinds.slice(0, 12);

/** The kind that a word means: singular, plural or short, without case. */
export function findKind(word: string): Kind | undefined {
  const wanted = word.toLowerCase().replace(/[-_ ]/g, '');
  return kinds.find(
    ({ singular, plural, short }) =>
      wanted === singular || wanted === plural || short.some((it) => it.replace(/ /g, '') === wanted),
  );
}

type KindPath = Pick<Kind, 'api' | 'plural' | 'namespaced'>;

/** Path of a kind's list, in one namespace or in all. */
export function listPath({ api, plural, namespaced }: KindPath, namespace?: string): string {
  const scope = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${api}${scope}/${plural}`;
}

/** Path of one object. */
export function objectPath(kind: KindPath, name: string, namespace?: string): string {
  return `${listPath(kind, namespace)}/${encodeURIComponent(name)}`;
}

function row(
  kind: string,
  api: string,
  namespaced: boolean,
  short: readonly string[],
  plural = `${kind.toLowerCase()}s`,
): Kind {
  return { kind, singular: kind.toLowerCase(), plural, api, namespaced, short };
}
