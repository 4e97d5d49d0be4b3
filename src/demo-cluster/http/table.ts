import type { Column, Resource } from '../kinds/resource.ts';
import type { KubeObject } from '../types.ts';

/** How the client wants objects: whole, as rows of a table, or only their metadata. */
export type Form = 'object' | 'table' | 'metadata';

/** Reads the Accept header; formats we do not speak (protobuf, YAML) fall back to JSON. */
export function formOf(accept: string | undefined): Form {
  for (const part of (accept ?? '').split(',')) {
    if (!part.includes('application/json')) continue;
    if (/as=Table\b/.test(part)) return 'table';
    if (/as=PartialObjectMetadata/.test(part)) return 'metadata';
    return 'object';
  }
  return 'object';
}

/** One object in the wanted form. */
export function renderOne(
  resource: Resource,
  object: KubeObject,
  form: Form,
  include: string | null,
): unknown {
  if (form === 'metadata') return metadataOf(object);
  if (form === 'object') return object;
  return renderTable(resource, [object], { resourceVersion: object.metadata.resourceVersion }, include);
}

/** A table of objects as `kubectl get` asks for it. */
export function renderTable(
  resource: Resource,
  objects: KubeObject[],
  metadata: object,
  include: string | null,
): unknown {
  const now = Date.now();
  const columnDefinitions = resource.columns.map(({ name, type, format, description, priority }) => ({
    name,
    type,
    format: format ?? '',
    description,
    priority: priority ?? 0,
  }));
  const rows = objects.map((object) => {
    const cells = resource.columns.map((column) => cell(column, object, now));
    if (include === 'None') return { cells };
    return { cells, object: include === 'Object' ? object : metadataOf(object) };
  });
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions, rows };
}

/** An object that lacks what a column shows still gets its row. */
function cell(column: Column, object: KubeObject, now: number): unknown {
  try {
    return column.value(object, now) ?? '<none>';
  } catch {
    return '<unknown>';
  }
}

/** A list in the wanted form. */
export function renderList(
  resource: Resource,
  objects: KubeObject[],
  metadata: object,
  form: Form,
  include: string | null,
): unknown {
  if (form === 'table') return renderTable(resource, objects, metadata, include);
  if (form === 'metadata') {
    const items = objects.map(metadataOf);
    return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items };
  }
  const items = objects.map(({ apiVersion: _version, kind: _kind, ...item }) => item);
  const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
  return { kind: `${resource.kind}List`, apiVersion, metadata, items };
}

function metadataOf(object: KubeObject): unknown {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}
