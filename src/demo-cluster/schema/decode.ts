import { isObject, type JsonObject } from '../json.ts';
import type { Schema } from './schema.ts';

export interface Decoded {
  /** The value without the fields its schema does not know. */
  value: unknown;
  unknown: string[];
  mismatches: { path: string; found: string; wanted: string }[];
}

/** Holds a value against a schema: drops unknown fields and reports them and every wrong type. */
export function decode(value: unknown, schema: Schema): Decoded {
  const decoded: Decoded = { value: undefined, unknown: [], mismatches: [] };
  decoded.value = walk(value, schema, '', decoded);
  return decoded;
}

const goTypes: Record<string, string> = {
  string: 'string',
  integer: 'int32',
  number: 'float64',
  boolean: 'bool',
};

function walk(value: unknown, schema: Schema, path: string, report: Decoded): unknown {
  if (value === null || value === undefined) return undefined;
  switch (schema.type) {
    case 'any':
      return value;
    case 'object':
      if (!isObject(value)) return mismatch(value, path, 'object', report);
      return walkObject(value, schema.fields, schema.open === true, path, report);
    case 'map': {
      if (!isObject(value)) return mismatch(value, path, 'map[string]string', report);
      const entries = Object.entries(value);
      return Object.fromEntries(
        entries.map(([key, item]) => [key, walk(item, schema.values, `${path}.${key}`, report)]),
      );
    }
    case 'list':
      if (!Array.isArray(value)) return mismatch(value, path, '[]object', report);
      return value.map((item, index) =>
        walk(item ?? emptyOf(schema.items), schema.items, `${path}[${index}]`, report),
      );
    case 'intOrString':
      return typeof value === 'string' || typeof value === 'number'
        ? value
        : mismatch(value, path, 'string', report);
    case 'integer':
      return Number.isSafeInteger(value) ? value : mismatch(value, path, 'int32', report);
    default:
      return typeof value === schema.type
        ? value
        : mismatch(value, path, goTypes[schema.type] ?? schema.type, report);
  }
}

/** What Go makes of a null inside a list. */
function emptyOf(schema: Schema): unknown {
  if (schema.type === 'object' || schema.type === 'map') return {};
  return schema.type === 'string' ? '' : null;
}

function walkObject(
  value: JsonObject,
  fields: Record<string, Schema>,
  open: boolean,
  path: string,
  report: Decoded,
): JsonObject {
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const inner = path === '' ? key : `${path}.${key}`;
    const schema = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (schema === undefined && !open) report.unknown.push(inner);
    else {
      const kept = schema === undefined ? item : walk(item, schema, inner, report);
      if (kept !== undefined) result[key] = kept;
    }
  }
  return result;
}

function mismatch(value: unknown, path: string, wanted: string, report: Decoded): undefined {
  const found = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  report.mismatches.push({
    path,
    found: typeof value === 'number' && wanted === 'int32' ? `number ${value}` : found,
    wanted,
  });
  return undefined;
}
