import { badRequest } from '../failure.ts';
import { clone, equal, isObject, type JsonObject } from '../json.ts';
import type { ListSchema, Schema } from '../schema/schema.ts';

/** Applies a strategic merge patch: lists whose schema names a patch key are merged item by item. */
export function applyStrategicPatch(document: unknown, patch: unknown, schema: Schema | undefined): unknown {
  if (!isObject(patch)) return clone(patch);
  if (patch.$patch === 'delete') return undefined;
  if (patch.$patch === 'replace') return withoutDirectives(patch);
  const result: JsonObject = isObject(document) ? clone(document) : {};
  retainKeys(result, patch.$retainKeys);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    const field = fieldSchema(schema, key);
    const merged = value === null ? undefined : mergeValue(result[key], value, field);
    if (merged === undefined) delete result[key];
    else result[key] = merged;
  }
  applyListDirectives(result, patch, schema);
  return result;
}

function mergeValue(current: unknown, value: unknown, schema: Schema | undefined): unknown {
  if (!Array.isArray(value)) return applyStrategicPatch(current, value, schema);
  if (schema?.type !== 'list') return clone(value);
  const items = Array.isArray(current) ? current : [];
  if (schema.patchKey !== undefined) return mergeKeyed(items, value, schema, schema.patchKey);
  if (schema.set === true) return [...items, ...value.filter((item) => !items.includes(item))];
  return clone(value);
}

function mergeKeyed(current: unknown[], patch: unknown[], schema: ListSchema, key: string): unknown[] {
  if (patch.some((item) => isObject(item) && item.$patch === 'replace' && item[key] === undefined)) {
    return patch.filter((item) => !(isObject(item) && item.$patch === 'replace')).map(clone);
  }
  const result = clone(current);
  for (const item of patch) {
    if (!isObject(item) || item[key] === undefined) {
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    }
    const index = result.findIndex((each) => isObject(each) && equal(each[key], item[key]));
    if (item.$patch === 'delete') {
      if (index >= 0) result.splice(index, 1);
    } else if (index >= 0) result[index] = applyStrategicPatch(result[index], item, schema.items);
    else result.push(applyStrategicPatch({}, item, schema.items));
  }
  return result;
}

function retainKeys(result: JsonObject, keys: unknown): void {
  if (!Array.isArray(keys)) return;
  for (const key of Object.keys(result)) if (!keys.includes(key)) delete result[key];
}

function applyListDirectives(result: JsonObject, patch: JsonObject, schema: Schema | undefined): void {
  for (const [key, value] of Object.entries(patch)) {
    const [directive, field = ''] = key.split('/');
    const list = result[field];
    if (!Array.isArray(list) || !Array.isArray(value)) continue;
    if (directive === '$deleteFromPrimitiveList')
      result[field] = list.filter((item) => !value.includes(item));
    if (directive === '$setElementOrder') result[field] = ordered(list, value, fieldSchema(schema, field));
  }
}

/** Items in the named order; items the order does not name keep their place relative to those before them. */
function ordered(list: unknown[], order: unknown[], schema: Schema | undefined): unknown[] {
  const patchKey = schema?.type === 'list' ? schema.patchKey : undefined;
  const nameOf = (item: unknown) =>
    JSON.stringify(patchKey !== undefined && isObject(item) ? item[patchKey] : item);
  const wanted = order.map(nameOf);
  const named = list.filter((item) => wanted.includes(nameOf(item)));
  named.sort((left, right) => wanted.indexOf(nameOf(left)) - wanted.indexOf(nameOf(right)));
  return list.map((item) => (wanted.includes(nameOf(item)) ? named.shift() : item));
}

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(clone(patch)).filter(([key]) => !key.startsWith('$')));
}

function fieldSchema(schema: Schema | undefined, key: string): Schema | undefined {
  if (schema?.type === 'object') return schema.fields[key];
  return schema?.type === 'map' ? schema.values : undefined;
}
