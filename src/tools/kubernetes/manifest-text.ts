import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { isObject, type Json } from '../../domain/json.ts';
import { findKind, type Kind, kinds } from './kinds.ts';
import { isKubeName } from './names.ts';

type Fields = { [field: string]: Json };

/** One object of a manifest: its wanted fields stand in `body`, without its kind and name. */
export type WrittenObject = { kind: Kind; namespace?: string; name: string; body: Fields };

export type ReadManifest =
  | { kind: 'objects'; objects: WrittenObject[] }
  | { kind: 'problem'; reason: string };

export const mostObjects = 20;
const mostAliases = 50;

/** What the server or kubectl keeps in metadata; nobody wants it applied. */
const serverFields = ['name', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp'];
const droppedFields = [...serverFields, 'managedFields', 'selfLink', 'deletionTimestamp', 'generateName'];
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** The objects of a YAML or JSON text, which may stand in a fence; a problem names the line that it is in. */
export function readManifest(text: string): ReadManifest {
  const lines = new LineCounter();
  const documents = parseAllDocuments(unfenced(text), { lineCounter: lines });
  const objects: WrittenObject[] = [];
  for (const document of documents as Document[]) {
    const line = lines.linePos(document.contents?.range?.[0] ?? 0).line;
    const [error] = document.errors;
    if (error !== undefined) return problem(error.linePos?.[0].line ?? line, firstLine(error.message));
    const value = plainOf(document);
    if (value === undefined) return problem(line, 'it holds what JSON cannot, or too many aliases.');
    if (value === null) continue;
    for (const item of itemsOf(value)) {
      const read = readObject(item);
      if (typeof read === 'string') return problem(line, read);
      objects.push(read);
    }
  }
  if (objects.length === 0) return { kind: 'problem', reason: 'There is no object in the manifest.' };
  if (objects.length > mostObjects) {
    const reason = `The manifest holds ${objects.length} objects; Reign applies at most ${mostObjects} at once.`;
    return { kind: 'problem', reason };
  }
  return twice(objects) ?? { kind: 'objects', objects };
}

/** "deployment shop/web". */
export function titleOf({
  kind,
  namespace,
  name,
}: {
  kind: string;
  namespace?: string | undefined;
  name: string;
}) {
  return `${kind.toLowerCase()} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

function unfenced(text: string): string {
  return /^\s*```\w*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text;
}

function problem(line: number, why: string): ReadManifest {
  return { kind: 'problem', reason: `The manifest can't be applied; line ${line}: ${why}` };
}

function firstLine(message: string): string {
  const [line = ''] = message.split('\n');
  return line.replace(/ at line \d+, column \d+:?$/, '.');
}

function plainOf(document: Document): Json | undefined {
  try {
    const value = z.json().safeParse(document.toJS({ maxAliasCount: mostAliases }) ?? null);
    return value.success ? (value.data as Json) : undefined;
  } catch {
    return undefined;
  }
}

function itemsOf(value: Json): Json[] {
  return isObject(value) && value['kind'] === 'List' && Array.isArray(value['items'])
    ? value['items']
    : [value];
}

/** The object, or what is wrong with it. */
function readObject(value: Json): WrittenObject | string {
  if (!isObject(value)) return 'this is no Kubernetes object: it has no kind.';
  const { apiVersion, kind: called, metadata, status: _status, ...fields } = value;
  if (typeof called !== 'string' || typeof apiVersion !== 'string')
    return 'this is no Kubernetes object: apiVersion and kind must be said.';
  const kind = findKind(called);
  if (kind === undefined || kind.kind !== called || kind.kind === 'Event') return unknownKind(called);
  const wanted = apiVersionOf(kind);
  if (apiVersion !== wanted) return `Reign writes a ${called} as ${wanted}, not as ${apiVersion}.`;
  const { name, namespace } = isObject(metadata) ? metadata : {};
  if (typeof name !== 'string' || !isKubeName(name))
    return `the ${kind.singular} has no proper metadata.name.`;
  if (namespace !== undefined && (typeof namespace !== 'string' || !isKubeName(namespace)))
    return `the namespace of ${kind.singular} ${name} is no name.`;
  if (called === 'Secret' && holdsValues(fields))
    return 'values of secrets do not belong into a message. Keep each with `reign credential set NAME`, and write it with "set the key K of secret S to vault:NAME".';
  const body = { ...fields, ...bodyMetadata(metadata as Fields) };
  const place = kind.namespaced && typeof namespace === 'string' ? { namespace } : {};
  return { kind, ...place, name, body };
}

function unknownKind(called: string): string {
  const known = kinds.filter(({ kind }) => kind !== 'Event').map(({ kind }) => kind);
  return `Reign does not apply the kind ${called.slice(0, 60)}. It knows: ${known.join(', ')}.`;
}

/** "apps/v1" of a kind, as it stands in manifests. */
export function apiVersionOf({ api }: Pick<Kind, 'api'>): string {
  return api.replace(/^\/apis?\//, '');
}

/** Whether a Secret's fields say any value. */
export function holdsValues({ data, stringData }: Fields): boolean {
  return [data, stringData].some((values) => isObject(values) && Object.keys(values).length > 0);
}

function bodyMetadata(metadata: Fields): { metadata?: Fields } {
  const rest = Object.entries(metadata).filter(([field]) => !droppedFields.includes(field));
  const kept: Fields = Object.fromEntries(rest);
  if (isObject(kept['annotations'])) {
    const annotations = Object.entries(kept['annotations']).filter(
      ([key]) => key !== lastApplied && !key.startsWith('reign.dev/'),
    );
    kept['annotations'] = Object.fromEntries(annotations);
  }
  return Object.keys(kept).length > 0 ? { metadata: kept } : {};
}

function twice(objects: readonly WrittenObject[]): ReadManifest | undefined {
  const titles = objects.map(({ kind, namespace, name }) => titleOf({ kind: kind.kind, namespace, name }));
  const again = titles.find((title, index) => titles.indexOf(title) !== index);
  if (again === undefined) return undefined;
  return { kind: 'problem', reason: `The manifest names the ${again} twice.` };
}
