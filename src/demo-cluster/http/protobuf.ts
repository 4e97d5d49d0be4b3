import { badRequest, unsupported } from '../failure.ts';
import type { JsonObject } from '../json.ts';

/**
 * Reads the few protobuf bodies that kubectl and helm send without a choice: their typed clients write small
 * kinds so, and never fall back to JSON. Everything else in protobuf is refused.
 */
export function protobufToJson(body: Buffer): JsonObject {
  if (body.subarray(0, 4).toString('latin1') !== 'k8s\0')
    throw badRequest('the body is not a Kubernetes protobuf message');
  const envelope = read(body.subarray(4), messages.envelope ?? {});
  const { apiVersion = '', kind = '' } = (envelope.typeMeta ?? {}) as { apiVersion?: string; kind?: string };
  const fields = messages[kind];
  if (fields === undefined)
    throw unsupported(`protobuf bodies of kind ${kind || 'unknown'}; send application/json`, 415);
  return { apiVersion, kind, ...read(envelope.raw as Buffer, fields) };
}

type Kind = 'text' | 'number' | 'flag' | 'bytes' | 'buffer' | 'time' | 'textMap' | 'bytesMap' | 'ignored';
/** What stands at a field number: a name, a kind or message, and whether it repeats. */
type Field = [name: string, kind: Kind | Fields, repeated?: 'repeated'];
interface Fields {
  [number: number]: Field;
}

const reference: Fields = { 1: ['name', 'text'], 2: ['optional', 'flag'] };
const owner: Fields = {
  1: ['kind', 'text'],
  3: ['name', 'text'],
  4: ['uid', 'text'],
  5: ['apiVersion', 'text'],
  6: ['controller', 'flag'],
  7: ['blockOwnerDeletion', 'flag'],
};
const metadata: Fields = {
  1: ['name', 'text'],
  2: ['generateName', 'text'],
  3: ['namespace', 'text'],
  5: ['uid', 'text'],
  6: ['resourceVersion', 'text'],
  7: ['generation', 'number'],
  8: ['creationTimestamp', 'time'],
  9: ['deletionTimestamp', 'time'],
  10: ['deletionGracePeriodSeconds', 'number'],
  11: ['labels', 'textMap'],
  12: ['annotations', 'textMap'],
  13: ['ownerReferences', owner, 'repeated'],
  14: ['finalizers', 'text', 'repeated'],
  17: ['managedFields', 'ignored'],
};
const deleteOptions: Fields = {
  1: ['gracePeriodSeconds', 'number'],
  2: ['preconditions', { 1: ['uid', 'text'], 2: ['resourceVersion', 'text'] }],
  3: ['orphanDependents', 'flag'],
  4: ['propagationPolicy', 'text'],
  5: ['dryRun', 'text', 'repeated'],
};
const attributes: Fields = {
  1: ['namespace', 'text'],
  2: ['verb', 'text'],
  3: ['group', 'text'],
  4: ['version', 'text'],
  5: ['resource', 'text'],
  6: ['subresource', 'text'],
  7: ['name', 'text'],
};
const review: Fields = {
  1: ['resourceAttributes', attributes],
  2: ['nonResourceAttributes', { 1: ['path', 'text'], 2: ['verb', 'text'] }],
};

const binding: Fields = {
  1: ['metadata', metadata],
  2: [
    'subjects',
    { 1: ['kind', 'text'], 2: ['apiGroup', 'text'], 3: ['name', 'text'], 4: ['namespace', 'text'] },
    'repeated',
  ],
  3: ['roleRef', { 1: ['apiGroup', 'text'], 2: ['kind', 'text'], 3: ['name', 'text'] }],
};

const messages: Record<string, Fields> = {
  envelope: { 1: ['typeMeta', { 1: ['apiVersion', 'text'], 2: ['kind', 'text'] }], 2: ['raw', 'buffer'] },
  Secret: {
    1: ['metadata', metadata],
    2: ['data', 'bytesMap'],
    3: ['type', 'text'],
    4: ['stringData', 'textMap'],
    5: ['immutable', 'flag'],
  },
  ConfigMap: {
    1: ['metadata', metadata],
    2: ['data', 'textMap'],
    3: ['binaryData', 'bytesMap'],
    4: ['immutable', 'flag'],
  },
  Namespace: {
    1: ['metadata', metadata],
    2: ['spec', { 1: ['finalizers', 'text', 'repeated'] }],
    3: ['status', 'ignored'],
  },
  ServiceAccount: {
    1: ['metadata', metadata],
    3: ['imagePullSecrets', reference, 'repeated'],
    4: ['automountServiceAccountToken', 'flag'],
  },
  RoleBinding: binding,
  ClusterRoleBinding: binding,
  TokenRequest: {
    1: ['metadata', metadata],
    2: [
      'spec',
      {
        1: ['audiences', 'text', 'repeated'],
        3: [
          'boundObjectRef',
          { 1: ['kind', 'text'], 2: ['apiVersion', 'text'], 3: ['name', 'text'], 4: ['uid', 'text'] },
        ],
        4: ['expirationSeconds', 'number'],
      },
    ],
    3: ['status', 'ignored'],
  },
  DeleteOptions: deleteOptions,
  Eviction: { 1: ['metadata', metadata], 2: ['deleteOptions', deleteOptions] },
  SelfSubjectAccessReview: { 1: ['metadata', metadata], 2: ['spec', review], 3: ['status', 'ignored'] },
  SelfSubjectReview: { 1: ['metadata', metadata], 2: ['status', 'ignored'] },
};

function read(buffer: Buffer, fields: Fields): JsonObject {
  const result: JsonObject = {};
  let at = 0;
  while (at < buffer.length) {
    const [tag, afterTag] = varint(buffer, at);
    const wire = tag & 7;
    const [first, afterFirst] = varint(buffer, afterTag);
    if (wire !== 0 && wire !== 2) throw badRequest(`unexpected wire type ${wire} in a protobuf body`);
    const isBytes = wire === 2;
    const chunk = isBytes ? buffer.subarray(afterFirst, afterFirst + first) : undefined;
    at = isBytes ? afterFirst + first : afterFirst;
    if (at > buffer.length) throw badRequest('unexpected end of a protobuf body');
    const field = fields[tag >>> 3];
    if (field !== undefined) store(result, field, chunk, first);
  }
  return result;
}

function store(
  result: JsonObject,
  [name, kind, repeated]: Field,
  chunk: Buffer | undefined,
  number: number,
): void {
  if (kind === 'ignored') return;
  if (kind === 'textMap' || kind === 'bytesMap') {
    const value = kind === 'textMap' ? 'text' : 'bytes';
    const entry = read(chunk ?? Buffer.alloc(0), { 1: ['key', 'text'], 2: ['value', value] });
    result[name] = {
      ...(result[name] as JsonObject | undefined),
      [String(entry.key ?? '')]: entry.value ?? '',
    };
    return;
  }
  const value = convert(kind, chunk ?? Buffer.alloc(0), number);
  // Go's protobuf writes empty texts too; in JSON they are left out.
  if (value === '' || value === undefined) return;
  result[name] = repeated === undefined ? value : [...((result[name] as unknown[] | undefined) ?? []), value];
}

function convert(kind: Kind | Fields, chunk: Buffer, number: number): unknown {
  if (typeof kind === 'object') return read(chunk, kind);
  if (kind === 'number') return number;
  if (kind === 'flag') return number !== 0;
  if (kind === 'bytes') return chunk.toString('base64');
  if (kind === 'buffer') return chunk;
  if (kind === 'text') return chunk.toString('utf8');
  const { seconds } = read(chunk, { 1: ['seconds', 'number'] });
  return typeof seconds === 'number' ? `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z` : undefined;
}

function varint(buffer: Buffer, start: number): [value: number, next: number] {
  let value = 0n;
  for (let at = start, shift = 0n; at < buffer.length; at += 1, shift += 7n) {
    const byte = buffer[at] ?? 0;
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return [Number(BigInt.asIntN(64, value)), at + 1];
  }
  throw badRequest('unexpected end of a protobuf body');
}
