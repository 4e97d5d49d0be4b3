import { isObject, type Json } from '../../domain/json.ts';
import type { KubeObject } from './api.ts';

/** One value of an object: `raw` tells whether it differs, `shown` is what people may read. */
export type Field = { raw: string; shown: string };
export type FlatObject = ReadonlyMap<string, Field>;

const hidden = '(hidden)';
const longestValue = 160;
const secretWords = /passw|secret|token|credential|api_?-?key|private_?-?key|connection_?-?string|dsn$/i;

/** What stands in the object's title or in the path already. */
const said = /^(apiVersion|kind|metadata\.name)$|\[[^\]]*[^\]\d][^\]]*\]\.name$/;

/**
 * An object as paths and values, e.g. `spec.template.spec.containers[web].image`. Values of secrets, of the environment
 * and of fields that are called like a secret are hidden; configuration is shown by its keys.
 */
export function flatten(object: KubeObject): FlatObject {
  const fields = new Map<string, Field>();
  const closed =
    object.kind === 'Secret' || object.kind === 'ConfigMap' ? /^(data|stringData|binaryData)\./ : undefined;
  walk(object as Json, '', (path, value) => {
    if (said.test(path)) return;
    const raw = typeof value === 'string' ? value : JSON.stringify(value);
    const hide = closed?.test(path) === true || isClosed(path);
    fields.set(path, { raw, shown: hide ? hidden : clipped(raw) });
  });
  return fields;
}

/** Values for people: what is called like a secret is hidden. */
export function hideSecrets(value: Json, name = ''): Json {
  if (Array.isArray(value)) return value.map((item) => hideSecrets(item, name));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hideSecrets(item, key)]));
  return secretWords.test(name) && typeof value !== 'boolean' && value !== null ? hidden : value;
}

/** Environment values, and leaves that are called like a secret; the name of a secret is no secret. */
function isClosed(path: string): boolean {
  if (/\.env\[[^\]]*\]\.value$/.test(path)) return true;
  if (/\.(args|command)\[/.test(path)) return false;
  const leaf = path.slice(path.lastIndexOf('.') + 1);
  return (
    secretWords.test(leaf) && !/(Name|Ref\w*|KeyRef)$/i.test(leaf) && !/[sS]ecretName|automount/.test(leaf)
  );
}

function walk(value: Json | undefined, path: string, leaf: (path: string, value: Json) => void): void {
  if (value === undefined) return;
  if (Array.isArray(value)) {
    if (value.length === 0) leaf(path, value);
    value.forEach((item, index) => {
      walk(item, `${path}[${nameOf(item) ?? index}]`, leaf);
    });
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 0) leaf(path, value);
    for (const [key, item] of entries) walk(item, path === '' ? key : `${path}.${key}`, leaf);
  } else leaf(path, value);
}

/** Items of a list are told apart by their name, so that one more of them does not change the others. */
function nameOf(item: Json): string | undefined {
  const name = isObject(item) ? item['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

function clipped(text: string): string {
  const line = text.replaceAll('\n', '⏎');
  return line.length > longestValue ? `${line.slice(0, longestValue)}…` : line;
}
