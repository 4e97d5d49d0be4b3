import type { Cluster } from './client.ts';
import { type Kind, kindNamed, listPath } from './kinds.ts';
import type { Role, RoleBinding } from './wire.ts';

/** Verbs of Kubernetes, and the words that people use for them. */
const verbs: { [word: string]: string } = {
  ...{ see: 'get', read: 'get', view: 'get', show: 'get', list: 'list', watch: 'watch', get: 'get' },
  ...{ create: 'create', make: 'create', add: 'create', start: 'create' },
  ...{ change: 'update', update: 'update', edit: 'update', write: 'update', patch: 'patch', scale: 'patch' },
  ...{ restart: 'patch', delete: 'delete', remove: 'delete' },
};

/** The verb of Kubernetes that a word means. */
export function verbOf(word: string): string | undefined {
  return verbs[word.trim().toLowerCase()];
}

export const knownVerbs = [...new Set(Object.values(verbs))];

const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

export type Asked = { verb: string; kind: Kind; namespace?: string | undefined };

/** Whether Reign's own account may do this, by the server's own word. */
export async function mayI(
  cluster: Cluster,
  { verb, kind, namespace }: Asked,
): Promise<{ allowed: boolean; reason: string }> {
  const place = kind.namespaced && namespace !== undefined ? { namespace } : {};
  const resourceAttributes = { verb, group: groupOf(kind), resource: kind.plural, ...place };
  const question = {
    ...{ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview' },
    spec: { resourceAttributes },
  };
  const answer = await cluster.create<{ status?: { allowed?: boolean; reason?: string } }>(
    reviews,
    question,
    false,
  );
  return { allowed: answer.status?.allowed === true, reason: answer.status?.reason ?? '' };
}

/** One who holds a role, and by which binding. */
export type Grant = { who: string; role: string; binding: string; place: string };

/** Who holds which role in a namespace or everywhere; with a verb and a kind only roles that allow it. */
export async function grantsIn(
  cluster: Cluster,
  namespace: string | undefined,
  asked?: Asked,
): Promise<Grant[]> {
  const all = (kind: string) => cluster.list<RoleBinding>(listPath(kindNamed(kind), namespace));
  const [bindings, clusterBindings] = await Promise.all([all('RoleBinding'), all('ClusterRoleBinding')]);
  const [roles, clusterRoles] = await Promise.all([
    cluster.list<Role>(listPath(kindNamed('Role'), namespace)),
    cluster.list<Role>(listPath(kindNamed('ClusterRole'))),
  ]);
  return [...clusterBindings, ...bindings].flatMap(({ metadata, roleRef, subjects = [] }) => {
    const place = metadata?.namespace ?? '';
    const role =
      roleRef.kind === 'Role'
        ? roles.find((each) => each.metadata?.name === roleRef.name && each.metadata?.namespace === place)
        : clusterRoles.find((each) => each.metadata?.name === roleRef.name);
    if (asked !== undefined && !allows(role, asked)) return [];
    return subjects.map((subject) => ({
      who: whoIs(subject, place),
      role: `${roleRef.kind === 'Role' ? 'role' : 'clusterrole'} ${roleRef.name}`,
      binding: metadata?.name ?? '',
      place: place === '' ? 'everywhere' : place,
    }));
  });
}

/** Whether a rule of the role allows the verb on all objects of the kind. */
function allows(role: Role | undefined, { verb, kind }: Asked): boolean {
  const group = groupOf(kind);
  const holds = (list: readonly string[] | undefined, wanted: string) =>
    list?.some((each) => each === '*' || each === wanted) === true;
  return (
    role?.rules?.some(
      ({ verbs: may, apiGroups, resources, resourceNames = [] }) =>
        resourceNames.length === 0 &&
        holds(may, verb) &&
        holds(apiGroups, group) &&
        holds(resources, kind.plural),
    ) === true
  );
}

function groupOf({ api }: Kind): string {
  return api.startsWith('/apis/') ? (api.split('/')[2] ?? '') : '';
}

function whoIs(
  { kind, name, namespace }: NonNullable<RoleBinding['subjects']>[number],
  place: string,
): string {
  return kind === 'ServiceAccount'
    ? `service account ${namespace ?? place}/${name}`
    : `${kind.toLowerCase()} ${name}`;
}
