import type { Json } from './json.ts';
import { readPointer } from './references.ts';

/** `{{name}}` or `{{item.0.name}}`, with spaces allowed inside. */
const hole = /\{\{\s*([A-Za-z_][\w-]*(?:\.[\w-]+)*)\s*\}\}/g;

/**
 * A template with values in its holes. A text that is one hole and nothing else becomes the value itself, typed; a field
 * whose only hole has no value is left out. @returns the names that have no value besides.
 */
export function fillTemplate(
  template: Json,
  values: { [name: string]: Json | undefined },
): { value: Json; missing: string[] } {
  const missing: string[] = [];
  const visit = (each: Json): Json | undefined => {
    if (typeof each === 'string') return fillText(each, values, missing);
    if (typeof each !== 'object' || each === null) return each;
    const inner = Object.entries(each).flatMap(([key, value]) => {
      const filled = visit(value as Json);
      return filled === undefined ? [] : [[key, filled] as const];
    });
    return Array.isArray(each) ? inner.map(([, value]) => value) : Object.fromEntries(inner);
  };
  return { value: visit(template) ?? null, missing };
}

/** The names that a template has holes for, without what follows a dot. */
export function holesIn(template: Json): string[] {
  const found = JSON.stringify(template).matchAll(hole);
  return [...new Set([...found].map(([, path = '']) => path.split('.')[0] ?? ''))];
}

function fillText(
  text: string,
  values: { [name: string]: Json | undefined },
  missing: string[],
): Json | undefined {
  const [only] = text.matchAll(hole);
  if (only && only[0] === text.trim()) return lookUp(only[1] ?? '', values);
  return text.replace(hole, (_, path: string) => {
    const value = lookUp(path, values);
    if (value === undefined) missing.push(path);
    return typeof value === 'string' ? value : JSON.stringify(value ?? '');
  });
}

function lookUp(path: string, values: { [name: string]: Json | undefined }): Json | undefined {
  const [name = '', ...rest] = path.split('.');
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  return rest.length === 0 ? value : readPointer(value, `/${rest.join('/')}`);
}
