import { FaultError } from '../../domain/fault.ts';
import { isObject } from '../../domain/json.ts';
import type { ObjectChange } from '../../domain/operation.ts';
import type { Folder } from './folder.ts';
import { kustomizationsOf, patchesOf, reachesOut, sharersOf } from './kustomize.ts';
import { documentsOf } from './yaml-text.ts';

/** Where an object is written: the file, and which of its documents. */
export type Held = { path: string; at: number };

type Candidate = Held & { apiVersion: string; namespace: string | undefined };

/**
 * The one document that holds an object as such; undefined when none does.
 * @throws FaultError `unsupported` for several, for one that several kustomizations take, for a patch of kustomize, and
 * for another version of the kind.
 */
export function findObject(folder: Folder, wanted: ObjectChange): Held | undefined {
  const kustomizations = kustomizationsOf(folder);
  const all = candidatesIn(folder, wanted);
  const patched = patchesOf(kustomizations, wanted, new Set(all.map(({ path }) => path)));
  if (patched.length > 0)
    throw refusal(
      wanted,
      `is patched by ${patched.join(', ')}, so its file alone does not say what is delivered`,
    );
  const exact = all.filter(({ namespace }) => namespace === wanted.namespace);
  const fitting = exact.length > 0 ? exact : all;
  const [only, ...others] = fitting;
  if (only === undefined) return undefined;
  if (others.length > 0) {
    const places = [...new Set(fitting.map(({ path }) => path))].join(', ');
    throw refusal(
      wanted,
      `is written several times below ${folder.words}: ${places}. Which one is delivered cannot be told`,
    );
  }
  const sharers = sharersOf(kustomizations, only.path);
  if (sharers.length > 0)
    throw refusal(
      wanted,
      `is written in ${only.path}, which several deliver (${sharers.join(', ')}), so a change of it reaches more than was asked for`,
    );
  if (only.apiVersion !== wanted.apiVersion)
    throw refusal(
      wanted,
      `is written as ${only.apiVersion} in ${only.path}, and Reign knows it as ${wanted.apiVersion}`,
    );
  return { path: only.path, at: only.at };
}

/** What was looked for and where, for an object that no file holds. */
export function notFound(folder: Folder, wanted: ObjectChange): FaultError {
  const looked = `${folder.files.size} YAML file${folder.files.size === 1 ? '' : 's'} looked at`;
  const charts =
    folder.charts.length > 0
      ? ` Helm charts lie there (${folder.charts.join(', ')}): their templates hold no object as such.`
      : '';
  const outside = kustomizationsOf(folder)
    .filter(reachesOut)
    .map(({ path }) => path);
  const bases = outside.length > 0 ? ` ${outside.join(', ')} takes from outside of the folder.` : '';
  const message = `No file below ${folder.words} holds ${inWords(wanted)} (${wanted.apiVersion}); ${looked}.${charts}${bases} Change it by hand.`;
  return new FaultError('unsupported', message);
}

/** "deployment shop/checkout". */
export function inWords({
  kind,
  namespace,
  name,
}: Pick<ObjectChange, 'kind' | 'namespace' | 'name'>): string {
  return `${kind.toLowerCase()} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** A file need not name the namespace: whoever delivers it may add one. */
function candidatesIn({ files }: Folder, wanted: ObjectChange): Candidate[] {
  return [...files.values()].flatMap(({ path, text }) =>
    contentsOf(text).flatMap((document, at) => {
      const { apiVersion, kind, metadata } = document;
      const { name, namespace } = isObject(metadata) ? metadata : {};
      const same = kind === wanted.kind && name === wanted.name && typeof apiVersion === 'string';
      if (!same || groupOf(apiVersion) !== groupOf(wanted.apiVersion)) return [];
      if (namespace !== undefined && namespace !== wanted.namespace) return [];
      return [{ path, at, apiVersion, namespace: namespace as string | undefined }];
    }),
  );
}

/** What the documents of a text say; of one that is no YAML (a chart's template), nothing. */
function contentsOf(text: string): { [field: string]: unknown }[] {
  const documents = documentsOf(text);
  if (documents.some(({ errors }) => errors.length > 0)) return [];
  return documents.map((document) => {
    try {
      const value: unknown = document.toJS();
      return isObject(value) ? value : {};
    } catch {
      return {};
    }
  });
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

function refusal(wanted: ObjectChange, why: string): FaultError {
  return new FaultError('unsupported', `The ${inWords(wanted)} ${why}. Change it by hand.`);
}
