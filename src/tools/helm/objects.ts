import { parseAllDocuments } from 'yaml';
import { FaultError } from '../../domain/fault.ts';
import type { Api, KubeObject, Resource } from './api.ts';

/** An object of a manifest, with where it is in the cluster. */
export type Placed = {
  object: KubeObject;
  kind: string;
  /** "Deployment web", with its namespace where that is another than the release's. */
  title: string;
  /** Undefined for a kind that the cluster does not serve (yet). */
  path: string | undefined;
  /** Its list; where helm creates it when the server does not merge. */
  collection: string | undefined;
};

/** Nothing that would lead to another path. */
const plainName = /^[A-Za-z0-9][\w.:-]*$/;

/** helm keeps what says so when the release or the object goes. */
export function isKept({ metadata }: KubeObject): boolean {
  return metadata?.annotations?.['helm.sh/resource-policy'] === 'keep';
}

/** The objects of a manifest as helm printed it. @throws FaultError `bad-request` for what is no YAML of objects */
export function parseManifest(manifest: string): KubeObject[] {
  const documents = parseAllDocuments(manifest, { version: '1.1', logLevel: 'silent' });
  return [...documents].flatMap((document) => {
    const [problem] = document.errors;
    if (problem !== undefined)
      throw new FaultError(
        'bad-request',
        `The manifest is not valid YAML: ${problem.message.split('\n')[0]}`,
      );
    return objectsIn(document.toJS({ maxAliasCount: 1000 }));
  });
}

/** Where each object of a manifest is, or would be. */
export async function placeObjects(api: Api, manifest: string, namespace: string): Promise<Placed[]> {
  return Promise.all(parseManifest(manifest).map((object) => placeObject(api, object, namespace)));
}

export async function placeObject(api: Api, object: KubeObject, namespace: string): Promise<Placed> {
  const { apiVersion = '', kind = '', metadata = {} } = object;
  const { name = '' } = metadata;
  if (!plainName.test(name) || !plainName.test(metadata.namespace ?? namespace))
    throw new FaultError(
      'bad-request',
      `The chart has a ${kind || 'document'} without a usable name: "${name}".`,
    );
  const resource = await api.resource(apiVersion, kind);
  const own = metadata.namespace ?? namespace;
  const title = `${kind} ${own === namespace ? '' : `${own}/`}${name}`;
  const collection = resource === undefined ? undefined : collectionOf(resource, own);
  const path = collection === undefined ? undefined : `${collection}/${name}`;
  return { object, kind, title, path, collection };
}

function collectionOf({ base, plural, namespaced }: Resource, namespace: string): string {
  return `${base}${namespaced ? `/namespaces/${namespace}` : ''}/${plural}`;
}

function objectsIn(value: unknown): KubeObject[] {
  if (typeof value !== 'object' || value === null) return [];
  const object = value as KubeObject & { items?: unknown };
  const isList = object.kind?.endsWith('List') === true && Array.isArray(object.items);
  return isList ? (object.items as unknown[]).flatMap(objectsIn) : [object];
}
