import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Cluster } from '../cluster.ts';
import { ApiFailure, forbidden, unauthorized } from '../failure.ts';
import type { Target } from './request.ts';
import { readServiceAccountToken } from './service-account-token.ts';

/**
 * Who a request comes from. The demo cluster knows one administrator, and service accounts, users and groups that a
 * ClusterRoleBinding makes cluster-admin; everybody else may do nothing.
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

/** Reads the token; with `Impersonate-User` whoever may do anything acts as somebody else, with that one's rights. */
export function authenticate(cluster: Cluster, headers: IncomingHttpHeaders): User {
  const { authorization } = headers;
  if (authorization === undefined) return anonymous;
  const given = readToken(authorization);
  if (given === undefined) throw unauthorized();
  const user = isSame(given, cluster.secret) ? administrator : serviceAccount(cluster, given);
  const name = headers['impersonate-user'];
  if (typeof name !== 'string' || name === user.name) return user;
  if (!user.mayDoAnything) throw mayNotImpersonate(user, name);
  const groups = [...listed(headers['impersonate-group']), 'system:authenticated'];
  return { name, groups, mayDoAnything: isClusterAdmin(cluster, { kind: 'User', name }, groups) };
}

function mayNotImpersonate(user: User, name: string): ApiFailure {
  const message = `users "${name}" is forbidden: User "${user.name}" cannot impersonate resource "users" in API group "" at the cluster scope`;
  return new ApiFailure(403, 'Forbidden', message, { details: { name, kind: 'users' } });
}

/** Node joins the lines of a header by commas. */
function listed(header: string | string[] | undefined): string[] {
  return [header ?? []].flat().flatMap((line) => line.split(',').map((group) => group.trim()));
}

function serviceAccount(cluster: Cluster, token: string): User {
  const account = readServiceAccountToken(cluster, token);
  if (account === undefined) throw unauthorized();
  const { namespace, name } = account;
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: [...groups, 'system:authenticated'],
    mayDoAnything: isClusterAdmin(cluster, { kind: 'ServiceAccount', namespace, name }, groups),
  };
}

/** The one role that is looked at; all others grant nothing here. */
function isClusterAdmin(cluster: Cluster, asked: Subject, groups: readonly string[]): boolean {
  if (groups.includes('system:masters')) return true;
  return cluster.store.list('clusterrolebindings.rbac.authorization.k8s.io').some((binding) => {
    const { roleRef, subjects } = binding as { roleRef?: { name?: string }; subjects?: Subject[] };
    if (roleRef?.name !== 'cluster-admin') return false;
    return (subjects ?? []).some(({ kind, name, namespace }) =>
      kind === 'Group'
        ? groups.includes(name ?? '')
        : kind === asked.kind && name === asked.name && namespace === asked.namespace,
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
