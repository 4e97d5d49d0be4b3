import { isObject } from '../../domain/json.ts';

type Fields = { [field: string]: unknown };

/** The JSON merge patch (RFC 7386) that turns `from` into `to`; undefined when nothing differs. Lists go whole. */
export function mergePatch(from: unknown, to: unknown): unknown {
  if (!isObject(from) || !isObject(to)) return same(from, to) ? undefined : to;
  const patch: Fields = {};
  for (const field of new Set([...Object.keys(from), ...Object.keys(to)])) {
    if (to[field] === undefined) {
      if (from[field] !== undefined) patch[field] = null;
      continue;
    }
    const part = from[field] === undefined ? to[field] : mergePatch(from[field], to[field]);
    if (part !== undefined) patch[field] = part;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function same(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => same(item, right[index]));
  }
  if (isObject(left) && isObject(right)) return mergePatch(left, right) === undefined;
  return left === right;
}
