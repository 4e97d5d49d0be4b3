import { ApiFailure } from '../failure.ts';
import type { JsonObject } from '../json.ts';
import { apiVersionOf, type Resource } from '../kinds/resource.ts';
import { resources } from '../resources.ts';
import type { Schema } from '../schema/schema.ts';
import { type Answer, json } from './request.ts';

/** `/openapi/v3` and its documents, made from the resource table; undefined for other paths. */
export function openApi(path: string, _accept: string | undefined): Answer | undefined {
  if (path === '/openapi/v2') {
    // kubectl falls back to version 3 and to server-side field validation.
    throw new ApiFailure(406, 'NotAcceptable', 'the demo cluster does not support OpenAPI v2', {
      details: {},
    });
  }
  if (path === '/openapi/v3') {
    const paths = places().map((place) => [place, { serverRelativeURL: `/openapi/v3/${place}?hash=demo` }]);
    return json({ paths: Object.fromEntries(paths) });
  }
  const place = path.replace(/^\/openapi\/v3\//, '');
  return path.startsWith('/openapi/v3/') && places().includes(place) ? json(documentOf(place)) : undefined;
}

function places(): string[] {
  return [...new Set(resources.map(placeOf))];
}

function placeOf(resource: Resource): string {
  return resource.group === '' ? `api/${resource.version}` : `apis/${resource.group}/${resource.version}`;
}

function documentOf(place: string): unknown {
  const kinds = resources.filter((resource) => placeOf(resource) === place);
  const paths = kinds.map((resource) => {
    const scope = resource.namespaced ? 'namespaces/{namespace}/' : '';
    return [`/${place}/${scope}${resource.plural}/{name}`, pathItem(resource)];
  });
  const schemas = kinds.map((resource) => [
    schemaName(resource),
    { ...(describe(resource.schema) as JsonObject), ...kindMark(resource, true) },
  ]);
  const components = { schemas: Object.fromEntries(schemas) };
  const info = { title: 'demo cluster', version: 'v1.32.0-demo' };
  return { openapi: '3.0.0', info, paths: Object.fromEntries(paths), components };
}

function pathItem(resource: Resource): unknown {
  const parameter = (name: string) => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } });
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map(parameter);
  const reference = { $ref: `#/components/schemas/${schemaName(resource)}` };
  const content = { 'application/json': { schema: reference } };
  const responses = { 200: { description: 'OK', content } };
  const shared = { responses, ...kindMark(resource, false) };
  return {
    get: { 'x-kubernetes-action': 'get', ...shared },
    put: { 'x-kubernetes-action': 'put', parameters: parameters.slice(0, 3), ...shared },
    patch: { 'x-kubernetes-action': 'patch', parameters, ...shared },
  };
}

function kindMark({ group, version, kind }: Resource, asList: boolean): object {
  const mark = { group, version, kind };
  return { 'x-kubernetes-group-version-kind': asList ? [mark] : mark };
}

function schemaName(resource: Resource): string {
  return `io.k8s.api.${apiVersionOf(resource).replace('/', '.')}.${resource.kind}`;
}

function describe(schema: Schema): unknown {
  switch (schema.type) {
    case 'object': {
      const properties = Object.entries(schema.fields).map(([key, field]) => [key, describe(field)]);
      const atomic = schema.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {};
      return { type: 'object', properties: Object.fromEntries(properties), ...atomic };
    }
    case 'map':
      return { type: 'object', additionalProperties: describe(schema.values) };
    case 'list':
      return { type: 'array', items: describe(schema.items), ...listMarks(schema) };
    case 'intOrString':
      return { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' };
    case 'any':
      return { type: 'object' };
    default:
      return { type: schema.type };
  }
}

function listMarks({ keys, patchKey, set }: { keys?: string[]; patchKey?: string; set?: true }): object {
  if (set) return { 'x-kubernetes-list-type': 'set', 'x-kubernetes-patch-strategy': 'merge' };
  if (keys === undefined) return { 'x-kubernetes-list-type': 'atomic' };
  const marks = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys };
  return { ...marks, 'x-kubernetes-patch-strategy': 'merge', 'x-kubernetes-patch-merge-key': patchKey };
}
