import { canonicalJson, isObject, type Json, sha256 } from '../../domain/json.ts';
import type { KubeObject } from './wire.ts';

type Fields = { [field: string]: Json };

/** A place in which two states of an object differ; null is what is not there, and a list is one value. */
export type Touched = { path: string[]; from: Json; to: Json };

/** Annotations that controllers, kubectl and Reign itself write. */
const noise =
  /^(reign\.dev\/.*|deployment\.kubernetes\.io\/.*|deprecated\.daemonset\.template\.generation|kubectl\.kubernetes\.io\/last-applied-configuration)$/;

/** An object's own fields: no status, no names, nothing that the server or Reign keeps there for itself. */
export function ownFields(object: KubeObject): Fields {
  const { apiVersion: _version, kind: _kind, status: _status, metadata = {}, ...fields } = object;
  const { labels, annotations = {}, finalizers, ownerReferences } = metadata;
  const kept = Object.fromEntries(Object.entries(annotations).filter(([key]) => !noise.test(key)));
  const own = { labels, annotations: kept, finalizers, ownerReferences };
  return JSON.parse(JSON.stringify({ metadata: own, ...fields })) as Fields;
}

/** Where two states differ, in the order of their paths. */
export function touchedBetween(from: Fields, to: Fields, path: readonly string[] = []): Touched[] {
  const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return fields.flatMap((field) => {
    const [before = null, after = null] = [from[field], to[field]];
    const below = [...path, field];
    if (isObject(before) && isObject(after)) return touchedBetween(before, after, below);
    const same = canonicalJson(before) === canonicalJson(after);
    return same ? [] : [{ path: below, from: before, to: after }];
  });
}

/** What stands at a path; null where nothing does. */
export function valueAt(fields: Json, path: readonly string[]): Json {
  let value: Json = fields;
  for (const step of path) {
    if (!isObject(value)) return null;
    value = value[step] ?? null;
  }
  return value;
}

/** Whether every touched place holds its value of that side. */
export function standsAt(fields: Fields, touched: readonly Touched[], side: 'from' | 'to'): boolean {
  return touched.every((each) => canonicalJson(valueAt(fields, each.path)) === canonicalJson(each[side]));
}

/** The merge patch that puts each touched place back. Lists and new parts go whole. */
export function backPatch(touched: readonly Touched[]): Fields {
  const patch: Fields = {};
  for (const { path, from } of touched) {
    let node = patch;
    for (const step of path.slice(0, -1)) {
      node[step] ??= {};
      node = node[step] as Fields;
    }
    node[path.at(-1) ?? ''] = from;
  }
  return patch;
}

/** A short hash of what would change; an approval is bound to it. */
export function touchedHash(touched: readonly Touched[]): string {
  return sha256(canonicalJson(touched)).slice(0, 16);
}
