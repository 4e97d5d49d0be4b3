import type { Reader } from '../../domain/ports/reader.ts';
import { conflictsIn } from './apply-change.ts';
import { type AppliedObject, type ApplyInput, lookAll } from './apply-objects.ts';
import type { Unlocated } from './ask-object.ts';
import type { Cluster } from './client.ts';
import type { ObjectPlace } from './locate.ts';
import { titleOf, type WrittenObject } from './manifest-text.ts';
import { placeRead } from './read-place.ts';

type Request = { namespace?: string | undefined; environment?: string | undefined };
type Placed = { kind: 'placed'; place: ObjectPlace; cluster: Cluster; objects: AppliedObject[] } | Unlocated;

/** The cluster, and every object with its namespace: its own, else the one that was asked for. */
export async function placeObjects(
  written: readonly WrittenObject[],
  { namespace: asked, environment }: Request,
  reader: Reader,
): Promise<Placed> {
  const ours = written.filter(({ kind }) => kind.kind === 'Namespace').map(({ name }) => name);
  const wanted = asked?.toLowerCase();
  const other = written.find(
    ({ namespace }) => namespace !== undefined && wanted !== undefined && namespace !== wanted,
  );
  if (other !== undefined) {
    const title = titleOf({ ...other, kind: other.kind.kind });
    return { kind: 'impossible', reason: `You said namespace ${wanted}, the manifest says ${title}.` };
  }
  const known = wanted !== undefined && ours.includes(wanted) ? {} : { namespace: wanted };
  const placed = await placeRead({ environment, ...known }, reader);
  if (placed.kind !== 'placed') return placed;
  const { cluster, place } = placed;
  const namespaces = await namespacesOf(cluster);
  const objects = written.map(({ kind, namespace = wanted, name, body }) => ({
    kind: kind.kind,
    ...(kind.namespaced && namespace !== undefined ? { namespace } : {}),
    ...{ name, body },
  }));
  if (written.some(({ kind }, index) => kind.namespaced && objects[index]?.namespace === undefined))
    return askNamespace(namespaces, place);
  const missing = objects.find(
    ({ namespace }) =>
      namespace !== undefined && !namespaces.includes(namespace) && !ours.includes(namespace),
  );
  if (missing !== undefined) {
    const reason = `There is no namespace ${missing.namespace} in ${place.environment} for the ${titleOf(missing)}. Put it into the manifest too, or make it first.`;
    return { kind: 'impossible', reason };
  }
  const { environment: where, connection, clusterUid } = place;
  const first = objects.filter(({ kind }) => kind === 'Namespace');
  const rest = objects.filter(({ kind }) => kind !== 'Namespace');
  const at = { environment: where, connection, clusterUid };
  return { kind: 'placed', place: at, cluster, objects: [...first, ...rest] };
}

/** Fields that others own are taken over only by an explicit wish. */
export async function askForce(cluster: Cluster, input: ApplyInput): Promise<Unlocated | undefined> {
  const words = conflictsIn(await lookAll(cluster, input));
  if (words === undefined) return undefined;
  const text = `Others own fields with other values: ${words}. Take them over? Else leave them out of the manifest.`;
  const options = [{ label: 'Take them over', patch: { force: true } }];
  return { kind: 'question', question: { text, field: 'force', options } };
}

async function namespacesOf(cluster: Cluster): Promise<string[]> {
  const items = await cluster.list(({ core }) => core.listNamespace());
  return items.map(({ metadata }) => metadata?.name ?? '');
}

function askNamespace(namespaces: readonly string[], { environment }: ObjectPlace): Unlocated {
  const offered = namespaces.filter((name) => !name.startsWith('kube-')).slice(0, 10);
  const options = offered.map((namespace) => ({ label: namespace, patch: { namespace } }));
  const text = `The manifest names no namespace. Which one of ${environment} shall it go to?`;
  return { kind: 'question', question: { text, field: 'namespace', options } };
}
