import type { Json } from './json.ts';

/** A value of a request that comes from another step's result: `{ "$from": "<step key>", "at": "<JSON pointer>" }`. */
export type Reference = {
  /** Where in the request it stands, as a JSON pointer (RFC 6901). */
  field: string;
  /** The step whose result it is. */
  from: string;
  /** Where in the result, as a JSON pointer; empty means all of it. */
  at: string;
};

/**
 * When a reference gets its value: before the preview (`resolved`), when the step is claimed (`late`, for fields that
 * the operation declares late-bindable), or in a later revision that is shown and asked for again (`deferred`).
 */
export type Binding = Reference & { when: 'resolved' | 'late' | 'deferred' };

/** The references in a request, and what is wrong with those that cannot be read, in words. */
export function findReferences(request: Json): { references: Reference[]; problems: string[] } {
  const references: Reference[] = [];
  const problems: string[] = [];
  const visit = (value: Json, field: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!Object.hasOwn(value, '$from')) {
      for (const [key, inner] of Object.entries(value)) visit(inner, `${field}/${escapeKey(key)}`);
      return;
    }
    const { $from: from, at = '', ...rest } = value as { [key: string]: Json };
    if (typeof from === 'string' && isPointer(at) && Object.keys(rest).length === 0 && field !== '') {
      references.push({ field, from, at });
    } else
      problems.push(`"${field}" holds a reference that cannot be read: expected {"$from": step, "at": "/…"}`);
  };
  visit(request, '');
  return { references, problems };
}

/** The request with values in place of references; a reference whose value is `undefined` is left out of its object. */
export function substitute(request: Json, valueFor: (field: string) => Json | undefined): Json {
  const visit = (value: Json, field: string): Json | undefined => {
    if (typeof value !== 'object' || value === null) return value;
    if (Object.hasOwn(value, '$from')) return valueFor(field);
    const inner = Object.entries(value)
      .map(([key, each]) => [key, visit(each, `${field}/${escapeKey(key)}`)] as const)
      .filter((entry): entry is readonly [string, Json] => entry[1] !== undefined);
    return Array.isArray(value) ? inner.map(([, each]) => each) : Object.fromEntries(inner);
  };
  return visit(request, '') ?? null;
}

/** The value at a JSON pointer, or undefined when there is none. */
export function readPointer(value: Json | undefined, pointer: string): Json | undefined {
  if (pointer === '') return value;
  let current: Json | undefined = value;
  for (const part of pointer.slice(1).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as { [key: string]: Json })[key];
  }
  return current;
}

/** The name of the request's own field, for a reference that is one; undefined for one that lies deeper. */
export function topField({ field }: Reference): string | undefined {
  const name = field.slice(1);
  return name.includes('/') || name.includes('~') ? undefined : name;
}

function isPointer(value: Json): value is string {
  return value === '' || (typeof value === 'string' && value.startsWith('/'));
}

function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
