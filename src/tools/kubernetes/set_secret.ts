import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { placesFor } from '../../domain/resolve-environment.ts';
import { secretMark, secretReference } from '../../domain/secret-reference.ts';
import { openCluster } from './client.ts';
import { type Ensured, ensureParts, wordsOf } from './ensure.ts';
import { findObjects, wantedOf } from './find-object.ts';
import { lastStepKey } from './guarded-write.ts';
import { kindNamed, objectPath } from './kinds.ts';
import { locateObject } from './locate.ts';
import { isKubeName, kubeName } from './names.ts';
import { placeRead } from './read-place.ts';
import { examples } from './set_secret.examples.ts';
import type { KubeObject } from './wire.ts';

const secretKind = kindNamed('Secret');
const dataKey = z
  .string()
  .max(253)
  .regex(/^[-._a-zA-Z0-9]+$/, 'expected letters, digits, ".", "_" or "-"');

const secretInput = z.strictObject({
  environment: z.string(),
  connection: z.string(),
  clusterUid: z.string(),
  namespace: kubeName,
  name: kubeName,
  key: dataKey,
  secret: secretReference,
});
type SecretInput = z.infer<typeof secretInput>;

const what: Ensured<SecretInput> = {
  kind: secretKind,
  place: ({ namespace, name }) => ({ namespace, name }),
  wanted: ({ key, secret }) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    stringData: { [key]: secretMark(secret) },
  }),
  view: ({ data, stringData }) => ({
    keys: Object.keys({ ...(data as object), ...(stringData as object) }).sort(),
  }),
  // Values may not be shown, not even as a hash: a short one could be guessed.
  depends: ({ metadata }) => ({ version: metadata?.resourceVersion ?? '' }),
  async remark(before, _after, { key, secret }) {
    const summary =
      before === null
        ? `new, with the key ${key} from ${secret}`
        : `${(before['keys'] as string[]).includes(key) ? 'replaces' : 'adds'} the key ${key}, from ${secret}`;
    const warnings = ['What has read it already may need a restart to see the new value.'];
    return { summary, warnings: before === null ? [] : warnings };
  },
};

export const setSecret = defineOperation({
  ...ensureParts(what),
  id: 'kubernetes.set_secret',
  version: 1,
  summary: 'Writes a secret that Reign keeps into one key of a Kubernetes Secret; the value is never seen.',
  effect: 'update',
  request: z.strictObject({
    name: z.string().optional(),
    key: z.string().optional(),
    secret: z.string().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: secretInput,
  output: z.object({ object: z.string(), fields: z.record(z.string(), z.json()) }),
  secrets: ['secret'],
  examples,
  undo: {
    kind: 'irreversible',
    reason: 'the value that was there before is not kept; set it again by its name in the vault',
  },
  async resolve(request, reader) {
    const { key, secret } = request;
    const parsed = secretReference.safeParse(secret);
    if (!parsed.success) {
      const how = 'Keep the value with `reign credential set NAME`, and name it here as vault:NAME.';
      return {
        kind: 'impossible',
        reason: secret === undefined ? how : `That is no name of a secret. ${how}`,
      };
    }
    if (key === undefined || !dataKey.safeParse(key).success)
      return {
        kind: 'question',
        question: {
          text: 'Which key of the Secret shall hold it (e.g. password)?',
          field: 'key',
          options: [],
        },
      };
    const located = await locateSecret(request, reader);
    if (located.kind !== 'located') return located;
    return { kind: 'input', input: { ...located.at, key, secret: parsed.data } };
  },
  assess: ({ clusterUid, namespace, name, environment }) => ({
    effect: 'update',
    targets: [`k8s:${clusterUid}/${namespace}/secret/${name}`],
    environment,
    place: `${environment}/${namespace}`,
    objects: 1,
    reasons: ['changes a credential'],
  }),
  describe: (input) => ({
    title: `Write ${input.secret} into the key ${input.key} of ${wordsOf(what, input)}`,
  }),
  async verify(input, reader, { idempotencyKey }) {
    const cluster = openCluster(reader, input.connection);
    const live = await cluster.find<KubeObject>(objectPath(secretKind, input.name, input.namespace));
    const there = Object.hasOwn((live?.['data'] ?? {}) as object, input.key);
    const ours = live?.metadata?.annotations?.[lastStepKey] === idempotencyKey;
    if (there && ours) return { state: 'healthy', evidence: `The key ${input.key} is written.` };
    const evidence = there ? 'Somebody has written it again since.' : `The key ${input.key} is not there.`;
    return { state: there ? 'unclear' : 'failed', evidence };
  },
  render: ({ object }, { key, secret }) => ({
    kind: 'text',
    text: `The key ${key} of the ${object} holds ${secret} now.`,
  }),
});

type Request = {
  name?: string | undefined;
  namespace?: string | undefined;
  environment?: string | undefined;
};

/** The Secret of that name; a new one where a namespace was named that has none of it. */
async function locateSecret(request: Request, reader: Parameters<typeof locateObject>[1]) {
  const sought = { kinds: [secretKind], noun: 'secret', verb: 'write' };
  if (request.name !== undefined && request.namespace !== undefined) {
    const places = placesFor(reader.environments, 'kubernetes', request.environment);
    if (places.kind !== 'places') return places;
    const wanted = wantedOf({ name: request.name, namespace: request.namespace });
    const known = await findObjects(reader, places.connections, [secretKind], wanted);
    if (known.length === 0 && isKubeName(wanted.name)) return placeNew(request, wanted.name, reader);
  }
  const located = await locateObject(request, reader, sought);
  if (located.kind !== 'located') return located;
  const { place, object } = located;
  return { kind: 'located' as const, at: { ...place, namespace: object.namespace, name: object.name } };
}

async function placeNew(request: Request, name: string, reader: Parameters<typeof locateObject>[1]) {
  const placed = await placeRead(request, reader);
  if (placed.kind !== 'placed') return placed;
  const { namespace = '', ...place } = placed.place;
  return { kind: 'located' as const, at: { ...place, namespace, name } };
}
