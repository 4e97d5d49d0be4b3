/**
 * What the fields of a kind look like: the one source for unknown-field checks, strategic merge keys,
 * server-side apply ownership and the OpenAPI document.
 */
export type Schema = ScalarSchema | ObjectSchema | MapSchema | ListSchema;

export interface ScalarSchema {
  type: 'string' | 'integer' | 'number' | 'boolean' | 'intOrString' | 'any';
}

export interface ObjectSchema {
  type: 'object';
  fields: Record<string, Schema>;
  /** Further fields are accepted unseen. */
  open?: true;
  /** Owned and replaced as one value by server-side apply. */
  atomic?: true;
}

export interface MapSchema {
  type: 'map';
  values: Schema;
  atomic?: true;
}

export interface ListSchema {
  type: 'list';
  items: Schema;
  /** The fields that name an item for server-side apply; without them and without `set` a list is one value. */
  keys?: string[];
  /** The field that names an item for strategic merge patch. */
  patchKey?: string;
  /** A list of distinct scalars. */
  set?: true;
}

export const text: Schema = { type: 'string' };
export const integer: Schema = { type: 'integer' };
export const flag: Schema = { type: 'boolean' };
export const anything: Schema = { type: 'any' };
export const intOrString: Schema = { type: 'intOrString' };
export const textMap: Schema = { type: 'map', values: text };
export const textList: Schema = { type: 'list', items: text };
export const textSet: Schema = { type: 'list', items: text, set: true };

export function object(
  fields: Record<string, Schema>,
  more: { open?: true; atomic?: true } = {},
): ObjectSchema {
  return { type: 'object', fields, ...more };
}

export function map(values: Schema): MapSchema {
  return { type: 'map', values };
}

export function list(items: Schema): ListSchema {
  return { type: 'list', items };
}

/** A list whose items are named by fields; `patchKey` is the first of them unless it is given. */
export function keyed(items: Schema, keys: string[], patchKey = keys[0] ?? ''): ListSchema {
  return { type: 'list', items, keys, patchKey };
}

export const ownerReference = object(
  { apiVersion: text, kind: text, name: text, uid: text, controller: flag, blockOwnerDeletion: flag },
  { atomic: true },
);

export const objectMeta = object({
  name: text,
  generateName: text,
  namespace: text,
  selfLink: text,
  uid: text,
  resourceVersion: text,
  generation: integer,
  creationTimestamp: text,
  deletionTimestamp: text,
  deletionGracePeriodSeconds: integer,
  labels: textMap,
  annotations: textMap,
  ownerReferences: keyed(ownerReference, ['uid']),
  finalizers: textSet,
  managedFields: list(anything),
});

export const labelSelector = object(
  {
    matchLabels: textMap,
    matchExpressions: list(object({ key: text, operator: text, values: textList })),
  },
  { atomic: true },
);

export const conditions = keyed(
  object({
    type: text,
    status: text,
    reason: text,
    message: text,
    lastTransitionTime: text,
    lastUpdateTime: text,
    lastProbeTime: text,
    lastHeartbeatTime: text,
    observedGeneration: integer,
  }),
  ['type'],
);

/** The schema of a whole object: type, metadata and the kind's own fields. */
export function kindOf(fields: Record<string, Schema>): ObjectSchema {
  return object({ apiVersion: text, kind: text, metadata: objectMeta, ...fields });
}
