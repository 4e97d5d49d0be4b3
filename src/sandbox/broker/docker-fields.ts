import { isObject } from '../../domain/json.ts';

export type Check = (value: unknown) => boolean;
export type Fields = Readonly<Record<string, Check>>;

/**
 * The first field that may not be set so, or undefined. Fields that are not listed must be empty. The engine reads names
 * of fields without looking at their case, so that a listed one in another spelling would slip past its check.
 */
export function firstRefused(value: Record<string, unknown>, fields: Fields): string | undefined {
  const spellings = new Set(Object.keys(fields).map((name) => name.toLowerCase()));
  return Object.entries(value)
    .filter(([key, given]) => {
      if (Object.hasOwn(fields, key)) return given !== null && fields[key]?.(given) !== true;
      // Letters outside of ASCII can stand for ASCII ones: "ſ" is an "s" to the engine.
      return !/^\w+$/.test(key) || spellings.has(key.toLowerCase()) || !isEmpty(given);
    })
    .map(([key]) => key)[0];
}

/** Nothing, false, 0, '' and empty lists and objects: what a field means when it is left out. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

export function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

export const anything: Check = () => true;
export const isString: Check = (value) => typeof value === 'string';
export const isNumber: Check = (value) => typeof value === 'number';
export const isBoolean: Check = (value) => typeof value === 'boolean';

export const everyItem =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** An object that holds the listed fields and nothing else. */
export const only =
  (fields: Fields): Check =>
  (value) =>
    isObject(value) && firstRefused(asObject(value), fields) === undefined;

/** A name of a volume or network: no path, and none of the engine's words for namespaces of others. */
export const isOwnName: Check = (value) =>
  typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(value);

/** How a container takes part in a network. */
export const isEndpoint = only({ Aliases: everyItem(isString), IPAMConfig: isObject });
