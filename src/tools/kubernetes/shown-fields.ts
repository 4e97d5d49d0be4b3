import { isObject, type Json } from '../../domain/json.ts';
import type { Touched } from './touched.ts';

type Shown = { [path: string]: Json };

const hidden = '(not shown)';
const mostFields = 60;
const longestValue = 200;

/** What differs in an object, value by value, for people: `spec.template.spec.containers[web].image`. */
export function shownTouched(kind: string, touched: readonly Touched[]): { before: Shown; after: Shown } {
  const from = flatten(touched, 'from');
  const to = flatten(touched, 'to');
  const paths = [...new Set([...from.keys(), ...to.keys()])].sort();
  const differing = paths.filter((path) => text(from.get(path)) !== text(to.get(path)));
  const before: Shown = {};
  const after: Shown = {};
  for (const path of differing.slice(0, mostFields)) {
    const [old, wanted] = [from.get(path), to.get(path)];
    const closed = isClosed(kind, path);
    if (old !== undefined) before[path] = closed ? hidden : clipped(old);
    if (wanted !== undefined)
      after[path] = closed ? (old === undefined ? hidden : '(not shown, another value)') : clipped(wanted);
  }
  if (differing.length > mostFields) after['…'] = `${differing.length - mostFields} more`;
  return { before, after };
}

/** All that an object says, in the same form. */
export function shownFields(kind: string, fields: { [field: string]: Json }): Shown {
  const touched = Object.entries(fields).map(([field, to]) => ({ path: [field], from: null, to }));
  return shownTouched(kind, touched).after;
}

function flatten(touched: readonly Touched[], side: 'from' | 'to'): Map<string, Json> {
  const flat = new Map<string, Json>();
  for (const each of touched) walk(each[side], each.path.join('.'), flat);
  return flat;
}

/** Items of a list are told apart by their name, so that one more of them does not change the others. */
function walk(value: Json, path: string, flat: Map<string, Json>): void {
  if (Array.isArray(value) && value.length > 0) {
    value.forEach((item, index) => {
      const name = isObject(item) && typeof item['name'] === 'string' ? item['name'] : String(index);
      walk(item, `${path}[${name}]`, flat);
    });
  } else if (isObject(value) && Object.keys(value).length > 0) {
    for (const [key, item] of Object.entries(value)) walk(item, `${path}.${key}`, flat);
  } else if (value !== null) flat.set(path, value);
}

/** Values of secrets and of the environment of containers. */
function isClosed(kind: string, path: string): boolean {
  if (kind === 'Secret' && /^(data|stringData)\b/.test(path)) return true;
  return /\.env\[[^\]]*\]\.value$/.test(path);
}

function clipped(value: Json): Json {
  if (typeof value !== 'string') return value;
  return value.length > longestValue ? `${value.slice(0, longestValue)}…` : value;
}

function text(value: Json | undefined): string {
  return value === undefined ? '' : JSON.stringify(value);
}
