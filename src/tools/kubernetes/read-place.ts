import { z } from 'zod';
import { nearNames } from '../../domain/near-names.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { onePlace } from '../../domain/resolve-environment.ts';
import type { Unlocated } from './ask-object.ts';
import { type Cluster, openCluster } from './client.ts';
import type { ObjectPlace } from './locate.ts';
import { kubeName } from './names.ts';

/** Where a read looks that names no object. */
export const placeInput = z.strictObject({
  environment: z.string(),
  connection: z.string(),
  clusterUid: z.string(),
  namespace: kubeName.optional(),
});
export type PlaceInput = z.infer<typeof placeInput>;

type Placed = { kind: 'placed'; place: ObjectPlace & { namespace?: string }; cluster: Cluster } | Unlocated;

/** The one cluster, and the namespace if one was named, that a read without an object's name means. */
export async function placeRead(
  request: { namespace?: string | undefined; environment?: string | undefined },
  reader: Reader,
): Promise<Placed> {
  const one = onePlace(reader.environments, 'kubernetes', request.environment);
  if (one.kind !== 'place') return one;
  const { id, environment } = one.connection;
  const cluster = openCluster(reader, id);
  const place = { environment, connection: id, clusterUid: await cluster.uid() };
  if (request.namespace === undefined) return { kind: 'placed', place, cluster };
  const namespace = request.namespace.toLowerCase();
  const namespaces = await cluster.list(({ core }) => core.listNamespace());
  const known = namespaces.map(({ metadata }) => metadata?.name ?? '');
  if (known.includes(namespace)) return { kind: 'placed', place: { ...place, namespace }, cluster };
  const text = `There is no namespace "${namespace}" in ${environment}.`;
  const near = nearNames(namespace, known);
  if (near.length === 0) return { kind: 'impossible', reason: `${text} There are: ${known.join(', ')}.` };
  const options = near.map((name) => ({ label: name, patch: { namespace: name } }));
  return { kind: 'question', question: { text: `${text} Did you mean this?`, field: 'namespace', options } };
}

/** What typed input says about a read of a place. */
export function assessRead({ environment, clusterUid, namespace }: PlaceInput, rest?: string) {
  const below = namespace === undefined ? '' : `/${namespace}`;
  return {
    effect: 'read' as const,
    targets: [`k8s:${clusterUid}${below}${rest === undefined ? '' : `/${rest}`}`],
    environment,
    ...(namespace === undefined ? {} : { place: `${environment}/${namespace}` }),
    objects: 0,
    reasons: [],
  };
}
