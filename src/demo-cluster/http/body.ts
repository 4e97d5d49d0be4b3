import { badRequest, unsupported } from '../failure.ts';
import { isObject, type JsonObject } from '../json.ts';
import { apiVersionOf, type Resource } from '../kinds/resource.ts';
import { decode } from '../schema/decode.ts';
import type { ObjectSchema } from '../schema/schema.ts';
import type { KubeObject } from '../types.ts';
import { explainJsonError } from './go-json.ts';
import type { ResourceRequest } from './request.ts';

/** Parses JSON, or refuses it with the words of the real server; `during` starts the message. */
export function parseJson(body: string, during: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw badRequest(`${during}${explainJsonError(body)}`);
  }
}

/** Refuses bodies in formats other than JSON. */
export function requireJson(request: ResourceRequest): void {
  const type = request.headers['content-type'] ?? 'application/json';
  if (type === '*/*' || /^application\/json\b|^text\/plain\b/.test(type)) return;
  throw unsupported(`bodies of type ${type}; send application/json`, 415);
}

/** Reads the object of a create or update and holds it against the kind's schema. */
export function decodeObject(request: ResourceRequest): { object: KubeObject; warnings: string[] } {
  requireJson(request);
  const { resource } = request;
  const what = `the object provided is unrecognized (must be of type ${resource.kind}): `;
  const hex = Buffer.from(request.body.slice(0, 16)).toString('hex');
  let body: unknown;
  try {
    body = JSON.parse(request.body);
  } catch {
    const why = explainJsonError(request.body);
    throw badRequest(
      `${what}couldn't get version/kind; json parse error: ${why} (${hex}${hex.length < 32 ? '' : ' ...'})`,
    );
  }
  if (!isObject(body)) throw badRequest(`${what}it is not a JSON object`);
  checkType(body, resource);
  const { object, warnings } = checkFields(body, resource, request.query.get('fieldValidation') ?? 'Warn');
  placeIn(object, request);
  return { object, warnings };
}

/** Drops or refuses unknown fields, as `fieldValidation` says, and refuses wrong types. */
export function checkFields(
  body: JsonObject,
  resource: Pick<Resource, 'kind' | 'version' | 'schema'>,
  fieldValidation: string,
): { object: KubeObject; warnings: string[] } {
  const { value, unknown, mismatches } = decode(body, resource.schema);
  const what = `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: `;
  const [wrong] = mismatches;
  if (wrong !== undefined) {
    const place = `Go struct field ${resource.kind}.${wrong.path.replace(/\[\d+\]/g, '')} of type ${wrong.wanted}`;
    throw badRequest(`${what}json: cannot unmarshal ${wrong.found} into ${place}`);
  }
  const notes = unknown.map((field) => `unknown field "${field}"`);
  if (!['Strict', 'Warn', 'Ignore', ''].includes(fieldValidation)) {
    throw badRequest(`fieldValidation: Unsupported value: "${fieldValidation}"`);
  }
  if (fieldValidation === 'Strict' && notes.length > 0) {
    throw badRequest(`${what}strict decoding error: ${notes.join(', ')}`);
  }
  const object = value as KubeObject;
  object.metadata ??= {} as KubeObject['metadata'];
  return { object, warnings: fieldValidation === 'Ignore' ? [] : notes };
}

/** Reads a small body of a known kind (a Scale, delete options); wrong types are refused, not passed over. */
export function readKind(body: unknown, kind: string, schema: ObjectSchema): JsonObject {
  if (!isObject(body)) throw badRequest(`the body is not a ${kind}`);
  const given = body.kind ?? kind;
  if (given !== kind) throw badRequest(`${JSON.stringify(given)} cannot be handled as a ${kind}`);
  return checkFields(body, { kind, version: 'v1', schema }, 'Ignore').object;
}

/** The response header that carries warnings. */
export function warningHeader(warnings: string[]): Record<string, string> {
  if (warnings.length === 0) return {};
  const list = warnings.map((warning) => `299 - ${JSON.stringify(warning)}`);
  return { warning: list.join(', ') };
}

function checkType(body: JsonObject, resource: Resource): void {
  const { apiVersion, kind } = body;
  if (kind !== undefined && kind !== resource.kind) {
    throw badRequest(
      `${String(kind)} in version "${String(apiVersion).split('/').pop()}" cannot be handled as a ${resource.kind}: ` +
        `no kind "${String(kind)}" is registered for this resource`,
    );
  }
  const wanted = apiVersionOf(resource);
  if (apiVersion === undefined || apiVersion === wanted) return;
  throw badRequest(
    `the API version in the data (${String(apiVersion)}) does not match the expected API version (${wanted})`,
  );
}

function placeIn(object: KubeObject, request: ResourceRequest): void {
  const { metadata } = object;
  if (request.resource.namespaced) {
    if (metadata.namespace !== undefined && metadata.namespace !== request.namespace) {
      throw badRequest(
        'the namespace of the provided object does not match the namespace sent on the request',
      );
    }
    metadata.namespace = request.namespace;
  } else delete metadata.namespace;
  if (request.name === undefined) return;
  if (metadata.name !== undefined && metadata.name !== request.name) {
    const both = `the name of the object (${metadata.name}) does not match the name on the URL (${request.name})`;
    throw badRequest(both);
  }
  metadata.name = request.name;
}
