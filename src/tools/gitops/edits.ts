import { canonicalJson, isObject, type Json } from '../../domain/json.ts';

/** A place in an object: keys, and the names of items of lists whose items have names. */
export type Place = readonly (string | { item: string })[];

/** What shall stand at a place; undefined: nothing. */
export type Edit = { place: Place; to: Json | undefined };

type Fields = { [field: string]: Json };

/** What turns one state of an object into the other, in as small pieces as it goes. */
export function editsBetween(before: Fields, after: Fields, place: Place = []): Edit[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => editsAt(before[key], after[key], [...place, key]));
}

/** "spec.template.spec.containers[web].image". */
export function placeInWords(place: Place): string {
  return place
    .map((step, index) => (typeof step === 'string' ? `${index === 0 ? '' : '.'}${step}` : `[${step.item}]`))
    .join('');
}

function editsAt(before: Json | undefined, after: Json | undefined, place: Place): Edit[] {
  if (before !== undefined && after !== undefined) {
    if (canonicalJson(before) === canonicalJson(after)) return [];
    if (isObject(before) && isObject(after)) return editsBetween(before, after, place);
    const [old, wanted] = [namedItems(before), namedItems(after)];
    if (old !== undefined && wanted !== undefined) return editsOfItems(old, wanted, place);
  }
  return [{ place, to: after }];
}

function editsOfItems(before: Map<string, Fields>, after: Map<string, Fields>, place: Place): Edit[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((item) => editsAt(before.get(item), after.get(item), [...place, { item }]));
}

/** The items of a list by their names, where each has one of its own. */
function namedItems(list: Json): Map<string, Fields> | undefined {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const items = new Map<string, Fields>();
  for (const item of list) {
    const name = isObject(item) ? item['name'] : undefined;
    if (!isObject(item) || typeof name !== 'string' || items.has(name)) return undefined;
    items.set(name, item);
  }
  return items;
}
