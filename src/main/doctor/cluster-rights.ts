import { renew, wrong } from './check.ts';
import type { Ask } from './connections.ts';

type Right = { verb: string; group: string; resource: string; subresource?: string };

const reads: readonly Right[] = [
  { verb: 'list', group: '', resource: 'pods' },
  { verb: 'get', group: '', resource: 'pods', subresource: 'log' },
  { verb: 'list', group: '', resource: 'events' },
  { verb: 'list', group: 'apps', resource: 'deployments' },
];
const writes: readonly Right[] = [
  { verb: 'patch', group: 'apps', resource: 'deployments' },
  { verb: 'patch', group: 'apps', resource: 'deployments', subresource: 'scale' },
];

/**
 * Asks the cluster itself what the credential may do. One that may do some of it everywhere, or all of it in some
 * namespaces alone, is said and is no fault. Throws where it can do nothing, or look and never touch.
 */
export async function clusterRights(ask: Ask, alsoWrites: boolean): Promise<string> {
  const missingReads = await missing(ask, reads);
  const missingWrites = alsoWrites ? await missing(ask, writes) : [];
  if (missingReads.length === reads.length && (!alsoWrites || missingWrites.length === writes.length))
    throw wrong(`The credential may not ${missingReads.join(', ')}.`, grant(alsoWrites ? 'edit' : 'view'));
  if (missingReads.length === 0 && missingWrites.length === writes.length)
    throw wrong(
      `The credential may look, and may not ${missingWrites.join(', ')}.`,
      `${grant('edit')} Or say that nothing is to be changed there: writes: false.`,
    );
  const lacks = [...missingReads, ...missingWrites];
  return lacks.length === 0 ? 'grants what is needed' : `not in all namespaces: ${lacks.join(', ')}`;
}

function grant(role: string): string {
  return `Grant it: kubectl create clusterrolebinding reign --clusterrole=${role} --serviceaccount=NAMESPACE:NAME (or --user=NAME).`;
}

async function missing(ask: Ask, rights: readonly Right[]): Promise<string[]> {
  const lacks: string[] = [];
  for (const right of rights) if (!(await may(ask, right))) lacks.push(inWords(right));
  return lacks;
}

async function may(ask: Ask, { verb, group, resource, subresource }: Right): Promise<boolean> {
  const resourceAttributes = { verb, group, resource, ...(subresource === undefined ? {} : { subresource }) };
  const { status, text } = await ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    ...{ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview' },
    spec: { resourceAttributes },
  });
  if (status === 401) throw wrong('The cluster refuses the credential (401).', renew);
  if (status >= 300) throw wrong(`The cluster answers ${status}.`, 'Look at its API server.');
  return (JSON.parse(text) as { status?: { allowed?: boolean } }).status?.allowed === true;
}

function inWords({ verb, resource, subresource }: Right): string {
  return subresource === undefined ? `${verb} ${resource}` : `${verb} ${resource}/${subresource}`;
}
