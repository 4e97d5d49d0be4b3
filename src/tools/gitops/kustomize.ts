import { posix } from 'node:path';
import { FaultError } from '../../domain/fault.ts';
import { isObject } from '../../domain/json.ts';
import type { ObjectChange } from '../../domain/operation.ts';
import { editText } from './edit-text.ts';
import { editsBetween } from './edits.ts';
import type { Folder, SourceFile } from './folder.ts';
import { documentsOf } from './yaml-text.ts';

export type Kustomization = { path: string; says: { [field: string]: unknown } };

type Wanted = Pick<ObjectChange, 'kind' | 'name' | 'before' | 'after'>;

/** The files that say how kustomize puts a folder together. */
export function kustomizationsOf({ files }: Folder): Kustomization[] {
  return [...files.values()]
    .filter(({ path }) => /(^|\/)kustomization\.ya?ml$/.test(path))
    .map(({ path, text }) => ({ path, says: readSafely(text) }));
}

/** Whether it takes what lies outside of its own folder. */
export function reachesOut({ says }: Kustomization): boolean {
  return texts(says['resources']).some((each) => /^\.\.|:\/\/|\?ref=/.test(each));
}

/** The kustomizations that take a file side by side, itself or through others; empty where at most one way leads to it. */
export function sharersOf(kustomizations: readonly Kustomization[], file: string): string[] {
  const seen = new Set<string>();
  for (let at = file; !seen.has(at); ) {
    seen.add(at);
    const takers = kustomizations.filter((each) => takes(each, at)).map(({ path }) => path);
    const [only, ...others] = takers;
    if (only === undefined) return [];
    if (others.length > 0) return takers;
    at = posix.dirname(only);
  }
  return [];
}

/** What changes an object besides its files: patches of it, and replicas and images that are set by name. */
export function patchesOf(
  kustomizations: readonly Kustomization[],
  wanted: Wanted,
  files: ReadonlySet<string>,
): string[] {
  const edits = editsBetween(wanted.before ?? {}, wanted.after ?? {});
  const touched = new Set(edits.map(({ place }) => place.at(-1)));
  const above = new Set([...files].flatMap((file) => takersAbove(kustomizations, file)));
  return kustomizations.flatMap(({ path, says }) => {
    const patches = [...items(says['patches']), ...items(says['patchesJson6902'])];
    const named = [...patches.map((patch) => patch['path']), ...texts(says['patchesStrategicMerge'])]
      .filter((each) => typeof each === 'string')
      .map((each) => posix.join(posix.dirname(path), each))
      .filter((each) => files.has(each));
    const inline = patches.some(
      ({ target, patch }) =>
        (isObject(target) && above.has(path) && mayMean(target, wanted)) ||
        (typeof patch === 'string' && isPatchOf(patch, wanted)),
    );
    const counted =
      touched.has('replicas') && items(says['replicas']).some(({ name }) => name === wanted.name);
    const pictured = touched.has('image') && items(says['images']).length > 0;
    return [...named, ...(inline || counted || pictured ? [path] : [])];
  });
}

/** The kustomization of a new file's own folder with the file in its list; undefined where it has none, or lists it. */
export function withResource({ files }: Folder, path: string): SourceFile | undefined {
  const folder = posix.dirname(path);
  const file = ['kustomization.yaml', 'kustomization.yml']
    .map((name) => files.get(posix.join(folder, name)))
    .find((each) => each !== undefined);
  if (file === undefined) return undefined;
  const name = posix.basename(path);
  const before = texts(readSafely(file.text)['resources']);
  if (before.some((each) => posix.normalize(each) === name)) return undefined;
  return { ...file, text: editText(file.text, 0, [{ place: ['resources'], to: [...before, name] }]) };
}

/**
 * Every kustomization that lists a file which goes, without it: kustomize fails on a list that names what is not there.
 * @throws FaultError `unsupported` where one takes it by another field than `resources`, or would be left with none.
 */
export function withoutResource(folder: Folder, path: string): SourceFile[] {
  const takers = kustomizationsOf(folder).filter((each) => takes(each, path));
  return takers.map((taker) => {
    const others = texts(taker.says['resources']).filter((each) => !isAt(taker, each, path));
    if (takes({ ...taker, says: { ...taker.says, resources: others } }, path))
      throw new FaultError(
        'unsupported',
        `${path} would be gone, and ${taker.path} takes it by another field than resources. Change it by hand.`,
      );
    if (others.length === 0)
      throw new FaultError(
        'unsupported',
        `${path} would be gone, and ${taker.path} lists nothing else: kustomize refuses an empty list. Change it by hand.`,
      );
    const file = folder.files.get(taker.path) as SourceFile;
    return { ...file, text: editText(file.text, 0, [{ place: ['resources'], to: others }]) };
  });
}

function takes(kustomization: Kustomization, wanted: string): boolean {
  const taken = ['resources', 'bases', 'components'].flatMap((field) => texts(kustomization.says[field]));
  return taken.some((each) => isAt(kustomization, each, wanted));
}

/** Whether an entry of a list means this file or folder. */
function isAt({ path }: Kustomization, entry: string, wanted: string): boolean {
  return posix.join(posix.dirname(path), entry, '.') === wanted;
}

/** The kustomizations that take a file, themselves or through others. */
function takersAbove(kustomizations: readonly Kustomization[], file: string): string[] {
  const found = new Set<string>();
  const climb = (at: string): void => {
    for (const each of kustomizations.filter((one) => takes(one, at) && !found.has(one.path))) {
      found.add(each.path);
      climb(posix.dirname(each.path));
    }
  };
  climb(file);
  return [...found];
}

/** Whether a patch with this target can change the object: kind and name are patterns there, and selectors may fit. */
function mayMean({ kind, name }: { [field: string]: unknown }, wanted: Wanted): boolean {
  return fits(kind, wanted.kind) && fits(name, wanted.name);
}

function fits(pattern: unknown, text: string): boolean {
  if (typeof pattern !== 'string' || pattern === '') return true;
  try {
    return new RegExp(`^(?:${pattern})$`).test(text);
  } catch {
    return true;
  }
}

function isPatchOf(text: string, { kind, name }: Pick<Wanted, 'kind' | 'name'>): boolean {
  const patch = readSafely(text);
  const { metadata } = patch;
  return patch['kind'] === kind && isObject(metadata) && metadata['name'] === name;
}

function readSafely(text: string): { [field: string]: unknown } {
  const [document] = documentsOf(text);
  const value: unknown = document?.errors.length === 0 ? document.toJS() : undefined;
  return isObject(value) ? value : {};
}

function items(value: unknown): { [field: string]: unknown }[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
