import { z } from 'zod';
import { isObject, type Json } from '../../domain/json.ts';
import type { Cluster } from './client.ts';
import type { FieldConflict } from './field-conflicts.ts';
import { whileItMoves } from './guarded-write.ts';
import { kindNamed, kinds, objectPath } from './kinds.ts';
import { apiVersionOf, mostObjects, titleOf } from './manifest-text.ts';
import { pathOfNamed } from './named-object.ts';
import { kubeName } from './names.ts';
import { ownFields, type Touched, touchedBetween, touchedHash } from './touched.ts';
import type { KubeObject } from './wire.ts';

/** Which step applied an object last; other operations keep a mark of their own. */
export const lastApplyKey = 'reign.dev/last-apply';

export const appliedObject = z.strictObject({
  kind: z.enum(kinds.map(({ kind }) => kind) as [string, ...string[]]),
  namespace: kubeName.optional(),
  name: kubeName,
  /** The wanted fields, without kind and name. */
  body: z.record(z.string(), z.json()),
});
export type AppliedObject = z.infer<typeof appliedObject>;

export const applyInput = z.strictObject({
  environment: z.string(),
  connection: z.string(),
  clusterUid: z.string(),
  objects: z.array(appliedObject).min(1).max(mostObjects),
  /** Takes over fields that others own with other values. */
  force: z.boolean(),
});
export type ApplyInput = z.infer<typeof applyInput>;

/** What applying an object would do; no `answer` while its namespace is one that the same manifest makes. */
export type Looked = {
  object: AppliedObject;
  live: KubeObject | undefined;
  answer: KubeObject | undefined;
  touched: readonly Touched[];
  conflicts: readonly FieldConflict[];
};

/** Tries every object of the manifest on the server. */
export function lookAll(cluster: Cluster, input: ApplyInput): Promise<Looked[]> {
  return Promise.all(input.objects.map((object) => lookAt(cluster, input, object)));
}

/** Reads an object and tries to apply it, on one and the same version. */
export function lookAt(cluster: Cluster, input: ApplyInput, object: AppliedObject): Promise<Looked> {
  return whileItMoves(titleOf(object), async () => {
    const live = await cluster.find<KubeObject>(pathOfNamed(object));
    if (live === undefined && (await awaitsNamespace(cluster, input, object)))
      return { object, live, answer: undefined, touched: [], conflicts: [] };
    const sent = await send(cluster, input, object, live, { mark: 'preview', dryRun: true });
    if (sent.kind === 'conflicts') return { object, live, answer: undefined, touched: [], ...sent };
    const { object: answer } = sent;
    const touched = live === undefined ? [] : touchedBetween(ownFields(live), ownFields(answer));
    return { object, live, answer, touched, conflicts: [] };
  });
}

/** The write itself. What exists is written on exactly the version that was read; a missing object has no version. */
export function send(
  cluster: Cluster,
  { force }: ApplyInput,
  object: AppliedObject,
  live: KubeObject | undefined,
  { mark, dryRun }: { mark: string; dryRun: boolean },
) {
  const { metadata, ...fields } = object.body;
  const wanted = isObject(metadata) ? metadata : {};
  const annotations = { ...(wanted['annotations'] as object | undefined), [lastApplyKey]: mark };
  const { uid, resourceVersion } = live?.metadata ?? {};
  const place = object.namespace === undefined ? {} : { namespace: object.namespace };
  const version = live === undefined ? {} : { uid, resourceVersion };
  const configuration = {
    apiVersion: apiVersionOf(kindNamed(object.kind)),
    kind: object.kind,
    ...fields,
    metadata: { ...wanted, name: object.name, ...place, annotations, ...version },
  };
  return cluster.apply(pathOfNamed(object), configuration, { force, dryRun });
}

/** What an approval is bound to: the object itself, and what would change in it. */
export function boundTo({ object, live, touched }: Looked): { [field: string]: Json } {
  if (live === undefined) return { uid: null };
  // Not even a hash of a secret's values is kept: a short one could be guessed.
  const secret = object.kind === 'Secret' ? { version: live.metadata?.resourceVersion ?? '' } : {};
  return { uid: live.metadata?.uid ?? '', change: touchedHash(touched), ...secret };
}

async function awaitsNamespace(cluster: Cluster, { objects }: ApplyInput, { namespace }: AppliedObject) {
  const made = objects.some(({ kind, name }) => kind === 'Namespace' && name === namespace);
  if (namespace === undefined || !made) return false;
  return (await cluster.find(objectPath(kindNamed('Namespace'), namespace))) === undefined;
}
