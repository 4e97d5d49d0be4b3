import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Cluster } from '../cluster.ts';
import { ApiFailure, forbidden, unauthorized } from '../failure.ts';
import type { Target } from './request.ts';
import { readServiceAccountToken } from './service-account-token.ts';

/**
 * Who a request comes from. The demo cluster knows one administrator, and service accounts that a ClusterRoleBinding makes
 * cluster-admin; everybody else may do nothing.
 */
export interface User {
  name: string;
  groups: string[];
  mayDoAnything: boolean;
}

const anonymous: User = {
  name: 'system:anonymous',
  groups: ['system:unauthenticated'],
  mayDoAnything: false,
};
const administrator: User = {
  name: 'demo-admin',
  groups: ['system:masters', 'system:authenticated'],
  mayDoAnything: true,
};

/** Reads the token; `Impersonate-User` turns the administrator into a user without rights. */
export function authenticate(cluster: Cluster, headers: IncomingHttpHeaders): User {
  const { authorization } = headers;
  if (authorization === undefined) return anonymous;
  const given = readToken(authorization);
  if (given === undefined) throw unauthorized();
  if (!isSame(given, cluster.secret)) return serviceAccount(cluster, given);
  const other = headers['impersonate-user'];
  if (typeof other !== 'string' || other === administrator.name) return administrator;
  return { name: other, groups: ['system:authenticated'], mayDoAnything: false };
}

function serviceAccount(cluster: Cluster, token: string): User {
  const account = readServiceAccountToken(cluster, token);
  if (account === undefined) throw unauthorized();
  const { namespace, name } = account;
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: [...groups, 'system:authenticated'],
    mayDoAnything: isClusterAdmin(cluster, account, groups),
  };
}

/** The one role that is looked at; all others grant nothing here. */
function isClusterAdmin(
  cluster: Cluster,
  { namespace, name }: { namespace: string; name: string },
  groups: readonly string[],
): boolean {
  return cluster.store.list('clusterrolebindings.rbac.authorization.k8s.io').some((binding) => {
    const { roleRef, subjects } = binding as { roleRef?: { name?: string }; subjects?: Subject[] };
    if (roleRef?.name !== 'cluster-admin') return false;
    return (subjects ?? []).some((subject) =>
      subject.kind === 'Group'
        ? groups.includes(subject.name ?? '')
        : subject.kind === 'ServiceAccount' && subject.namespace === namespace && subject.name === name,
    );
  });
}

interface Subject {
  kind?: string;
  name?: string;
  namespace?: string;
}

/** Refuses what the user may not do with objects. */
export function authorize(user: User, verb: string, target: Target): void {
  if (user.mayDoAnything) return;
  const { resource, namespace, name, subresource } = target;
  const what = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const why = `User "${user.name}" cannot ${verb} resource "${what}" in API group "${resource.group}" ${where}`;
  throw forbidden(resource, name, why);
}

/**
 * The token of an Authorization header: `Bearer TOKEN`, or the password of `Basic`. kubectl and helm send no
 * bearer token over plain HTTP, but they do send the user and password of the server's address.
 */
function readToken(authorization: string): string | undefined {
  const [, scheme = '', value = ''] = /^(Bearer|Basic)\s+(\S+)\s*$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme === '') return undefined;
  return Buffer.from(value, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');
}

const openPaths = ['/version', '/healthz', '/readyz', '/livez'];

/** Refuses paths that name no objects (discovery, OpenAPI) to anonymous users; health and version are open. */
export function authorizePath(user: User, verb: string, path: string): void {
  if (user.name !== anonymous.name || openPaths.includes(path)) return;
  const message = `forbidden: User "${user.name}" cannot ${verb} path "${path}"`;
  throw new ApiFailure(403, 'Forbidden', message, {
    details: {},
    headers: { 'x-content-type-options': 'nosniff' },
  });
}

function isSame(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}
