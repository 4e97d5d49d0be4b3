import type { Json } from '../domain/json.ts';

/** Every string of a value in a fixed order: of an object its keys and values in turn. */
export function listStrings(value: Json): string[] {
  const strings: string[] = [];
  replaceStrings(value, (text) => {
    strings.push(text);
    return text;
  });
  return strings;
}

/** The same value with its strings replaced, in the order of {@link listStrings}. */
export function fillStrings(value: Json, strings: readonly string[]): Json {
  let at = 0;
  return replaceStrings(value, (text) => {
    const next = strings[at] ?? text;
    at += 1;
    return next;
  });
}

function replaceStrings(value: Json, replace: (text: string) => string): Json {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item) => replaceStrings(item, replace));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    const name = replace(key);
    return [name, replaceStrings(item, replace)] as const;
  });
  return Object.fromEntries(entries);
}
