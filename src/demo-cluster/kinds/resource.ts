import type { Cause } from '../failure.ts';
import type { ObjectSchema } from '../schema/schema.ts';
import type { KubeObject } from '../types.ts';

/** One column of the table kubectl prints. */
export interface Column {
  name: string;
  type: 'string' | 'integer' | 'date' | 'boolean';
  format?: string;
  description: string;
  /** 1: only with `-o wide`. */
  priority?: 0 | 1;
  value(object: KubeObject, now: number): unknown;
}

/** One kind of object the demo cluster keeps: everything the API needs to know of it. */
export interface Resource {
  /** `plural` or `plural.group`. */
  key: string;
  group: string;
  version: string;
  plural: string;
  singular: string;
  kind: string;
  namespaced: boolean;
  shortNames?: string[];
  categories?: string[];
  schema: ObjectSchema;
  /** Whether `status` is written through a subresource of its own. */
  status: boolean;
  scale: boolean;
  /** Whether a change of the spec raises metadata.generation. */
  generation: boolean;
  /** Whether a delete answers with the object instead of a Status. */
  returnsDeleted: boolean;
  columns: Column[];
  selectableFields: string[];
  defaults?(object: KubeObject): void;
  validate?(object: KubeObject, live: KubeObject | undefined): Cause[];
  /** Names are labels (no dots) instead of subdomains. */
  labelName?: boolean;
}

export function apiVersionOf(resource: Resource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}
