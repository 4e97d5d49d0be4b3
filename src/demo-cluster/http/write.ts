import type { Cluster } from '../cluster.ts';
import { timestamp } from '../cluster.ts';
import {
  ApiFailure,
  badRequest,
  invalid,
  methodNotAllowed,
  unsupported,
  wrongMediaType,
} from '../failure.ts';
import { isObject, type JsonObject } from '../json.ts';
import { requiredValue } from '../kinds/validate.ts';
import { applyConfiguration } from '../patch/apply.ts';
import { applyJsonPatch, PatchMismatch } from '../patch/json-patch.ts';
import type { Writer } from '../patch/managed-fields.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { applyStrategicPatch } from '../patch/strategic-patch.ts';
import { createObject, updateObject } from '../registry.ts';
import { decode } from '../schema/decode.ts';
import type { Schema } from '../schema/schema.ts';
import type { KubeObject } from '../types.ts';
import { checkFields, decodeObject, parseJson, warningHeader } from './body.ts';
import { liveObject } from './read.ts';
import { type Answer, json, type ResourceRequest } from './request.ts';
import { formOf, renderOne } from './table.ts';

/** POST to a collection. */
export function create(cluster: Cluster, request: ResourceRequest): Answer {
  const dryRun = readDryRun(request, 'CreateOptions');
  const { object, warnings } = decodeObject(request);
  const created = createObject(cluster, request.resource, object, { writer: updater(request), dryRun });
  return answer(request, created, 201, warnings);
}

/** PUT to an object, or to its status. */
export function update(cluster: Cluster, request: ResourceRequest): Answer {
  const dryRun = readDryRun(request, 'UpdateOptions');
  const { object, warnings } = decodeObject(request);
  const live = liveObject(cluster, request);
  const updated = updateObject(cluster, request.resource, live, object, { writer: updater(request), dryRun });
  return answer(request, updated, 200, warnings);
}

/** PATCH of an object, or of its status, in any of the four formats. */
export function patch(cluster: Cluster, request: ResourceRequest): Answer {
  const dryRun = readDryRun(request, 'PatchOptions');
  if (patchType(request) === 'application/apply-patch+yaml') return apply(cluster, request, dryRun);
  const live = liveObject(cluster, request);
  const patched = applyPatch(request, live, request.resource.schema);
  const { object, warnings } = checkPatched(request, patched);
  if (object.metadata.name !== live.metadata.name) {
    throw badRequest(
      `the name of the object (${object.metadata.name}) does not match the name on the URL (${live.metadata.name})`,
    );
  }
  const updated = updateObject(cluster, request.resource, live, object, { writer: updater(request), dryRun });
  return answer(request, updated, 200, warnings);
}

/** Applies a JSON, merge or strategic merge patch to any document. */
export function applyPatch(request: ResourceRequest, document: unknown, schema: Schema): unknown {
  const type = patchType(request);
  const change = parseJson(request.body, 'error decoding patch: ');
  try {
    if (type === 'application/json-patch+json') return applyJsonPatch(document, change);
    if (!isObject(change))
      throw badRequest('error decoding patch: json: cannot unmarshal into Go value of type map');
    if (type === 'application/apply-patch+yaml')
      throw unsupported('server-side apply of this subresource', 415);
    if (type === 'application/merge-patch+json') return applyMergePatch(document, change);
    return applyStrategicPatch(document, change, schema);
  } catch (error) {
    if (!(error instanceof PatchMismatch)) throw error;
    const message = 'the server rejected our request due to an error in our request';
    throw new ApiFailure(422, 'Invalid', message, { details: { causes: [{ message: error.message }] } });
  }
}

/** Whether the write is only to be tried; anything but `All` is refused. */
export function readDryRun({ query }: ResourceRequest, options: string): boolean {
  return isDryRun(query.getAll('dryRun'), options);
}

export function isDryRun(values: string[], options: string): boolean {
  const wrong = values.find((value) => value !== 'All' && value !== '');
  if (wrong !== undefined) {
    const named = { group: 'meta.k8s.io', plural: 'options', kind: options };
    const message = `Unsupported value: ${JSON.stringify(wrong)}: supported values: "All"`;
    throw invalid(named, '', [{ reason: 'FieldValueNotSupported', message, field: 'dryRun' }]);
  }
  return values.includes('All');
}

/** Who writes by an update, for managedFields. */
export function updater(request: ResourceRequest): Writer {
  return { manager: request.manager, operation: 'Update', subresource: request.subresource };
}

function apply(cluster: Cluster, request: ResourceRequest, dryRun: boolean): Answer {
  const { resource, query } = request;
  const manager = query.get('fieldManager');
  if (manager === null || manager === '') {
    const named = { group: 'meta.k8s.io', plural: 'options', kind: 'PatchOptions' };
    throw invalid(named, '', [requiredValue('fieldManager', 'is required for apply patch')]);
  }
  const config = readConfiguration(request);
  const live = cluster.store.get(resource.key, request.namespace, request.name ?? '');
  if (live === undefined && request.subresource !== undefined) liveObject(cluster, request);
  const writer: Writer = { manager, operation: 'Apply', subresource: request.subresource };
  const force = query.get('force') === 'true';
  const base =
    live ?? ({ apiVersion: config.apiVersion, kind: config.kind, metadata: identity(request) } as KubeObject);
  const options = { schema: resource.schema, writer, force, now: timestamp() };
  const merged = applyConfiguration(base, config as unknown as JsonObject, options);
  const { resourceVersion, uid } = config.metadata;
  if (resourceVersion) merged.metadata.resourceVersion = resourceVersion;
  if (uid) merged.metadata.uid = uid;
  const write = { writer, dryRun, ownershipDone: true };
  if (live === undefined) return answer(request, createObject(cluster, resource, merged, write), 201, []);
  return answer(request, updateObject(cluster, resource, live, merged, write), 200, []);
}

function readConfiguration(request: ResourceRequest): KubeObject {
  const { resource, namespace = '', name } = request;
  const body = parseJson(request.body, 'error decoding YAML (the demo cluster reads its JSON subset): ');
  if (!isObject(body)) throw badRequest('the applied configuration is not an object');
  const config = body as KubeObject;
  if (config.kind !== resource.kind) throw badRequest(`the applied configuration is not a ${resource.kind}`);
  if (config.metadata?.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  const { unknown } = decode(config, resource.schema);
  if (unknown.length > 0) {
    const what = `${namespace}/${name}; ${config.apiVersion}, Kind=${config.kind}`;
    throw badRequest(
      `failed to create typed patch object (${what}): .${unknown[0]}: field not declared in schema`,
    );
  }
  const { object } = checkFields(config, resource, 'Strict');
  const given = object.metadata.name;
  if (given !== undefined && given !== name) {
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  }
  return object;
}

function identity({ name, namespace }: ResourceRequest): object {
  return namespace === undefined ? { name } : { name, namespace };
}

function checkPatched(
  request: ResourceRequest,
  patched: unknown,
): { object: KubeObject; warnings: string[] } {
  const { resource, query, name = '' } = request;
  if (!isObject(patched)) throw badRequest('the patched document is not an object');
  const mode = query.get('fieldValidation') ?? 'Warn';
  const { object, warnings } = checkFields(patched, resource, mode === 'Strict' ? 'Warn' : mode);
  if (mode !== 'Strict' || warnings.length === 0) return { object, warnings };
  const message = `Invalid value: ${JSON.stringify(request.body)}: strict decoding error: ${warnings.join(', ')}`;
  throw invalid(resource, name, [{ reason: 'FieldValueInvalid', message, field: 'patch' }]);
}

const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

function patchType({ headers, method }: ResourceRequest): string {
  if (method !== 'PATCH') throw methodNotAllowed();
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  if (!patchTypes.includes(type)) throw wrongMediaType();
  return type;
}

function answer(request: ResourceRequest, object: KubeObject, code: number, warnings: string[]): Answer {
  const shown = renderOne(
    request.resource,
    object,
    formOf(request.headers.accept),
    request.query.get('includeObject'),
  );
  return json(shown, code, warningHeader(warnings));
}
