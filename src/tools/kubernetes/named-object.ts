import { z } from 'zod';
import type { Reader } from '../../domain/ports/reader.ts';
import type { Unlocated } from './ask-object.ts';
import type { Cluster } from './client.ts';
import { bareNameKinds, findKind, kindNamed, kinds, objectPath } from './kinds.ts';
import { locateObject } from './locate.ts';
import { kubeName } from './names.ts';

export const namedRequest = z.strictObject({
  kind: z.string().optional(),
  name: z.string().optional(),
  namespace: z.string().optional(),
  environment: z.string().optional(),
});

/** One object of any known kind, in full. */
export const namedInput = z.strictObject({
  environment: z.string(),
  connection: z.string(),
  clusterUid: z.string(),
  namespace: kubeName.optional(),
  kind: z.enum(kinds.map(({ kind }) => kind) as [string, ...string[]]),
  name: kubeName,
});
export type NamedInput = z.infer<typeof namedInput>;

/** The one object that a request means, of the kind that it names or of the common ones. */
export async function locateNamed(
  request: z.infer<typeof namedRequest>,
  reader: Reader,
  { verb, firstKind = false }: { verb: string; firstKind?: boolean },
): Promise<{ kind: 'located'; at: NamedInput; cluster: Cluster } | Unlocated> {
  const kind = request.kind === undefined ? undefined : findKind(request.kind);
  if (request.kind !== undefined && kind === undefined) {
    const known = kinds.map(({ singular }) => singular).join(', ');
    return {
      kind: 'impossible',
      reason: `Reign does not know the kind "${request.kind}". It knows: ${known}.`,
    };
  }
  const sought =
    kind === undefined
      ? { kinds: bareNameKinds, noun: 'object', verb, firstKind }
      : { kinds: [kind], noun: kind.singular, verb };
  const located = await locateObject(request, reader, sought);
  if (located.kind !== 'located') return located;
  const { namespace, name, kind: found } = located.object;
  const place = namespace === '' ? located.place : { ...located.place, namespace };
  return { kind: 'located', at: { ...place, kind: found.kind, name }, cluster: located.cluster };
}

/** "service shop/checkout in staging". */
export function wordsOfNamed({ kind, namespace, name, environment }: NamedInput): string {
  return `${kind.toLowerCase()} ${namespace === undefined ? '' : `${namespace}/`}${name} in ${environment}`;
}

/** The target of a write on it: a namespace is everything below it. */
export function targetOfNamed({
  clusterUid,
  namespace,
  kind,
  name,
}: Pick<NamedInput, 'clusterUid' | 'namespace' | 'kind' | 'name'>): string {
  if (kind === 'Namespace') return `k8s:${clusterUid}/${name}`;
  return `k8s:${clusterUid}/${namespace === undefined ? '' : `${namespace}/`}${kind.toLowerCase()}/${name}`;
}

/** Its path on the server. */
export function pathOfNamed({
  kind,
  name,
  namespace,
}: Pick<NamedInput, 'kind' | 'name' | 'namespace'>): string {
  return objectPath(kindNamed(kind), name, namespace);
}
