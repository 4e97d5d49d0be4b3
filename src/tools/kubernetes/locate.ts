import type { Reader } from '../../domain/ports/reader.ts';
import { placesFor } from '../../domain/resolve-environment.ts';
import { askName, type Unlocated, unknownName, whichOne } from './ask-object.ts';
import { type Cluster, openCluster } from './client.ts';
import { type Found, findObjects, ownersOfPod, wantedOf } from './find-object.ts';
import { type Kind, kinds } from './kinds.ts';
import {
  readWorkload,
  type Workload,
  type WorkloadInput,
  type WorkloadKind,
  workloadKinds,
} from './workload.ts';

export type PlaceRequest = {
  name?: string | undefined;
  namespace?: string | undefined;
  environment?: string | undefined;
};

export type ObjectPlace = { environment: string; connection: string; clusterUid: string };

export type LocatedObject =
  | { kind: 'located'; place: ObjectPlace; object: Found; cluster: Cluster }
  | Unlocated;

export type LocatedWorkload =
  | { kind: 'located'; at: WorkloadInput; workload: Workload; cluster: Cluster }
  | Unlocated;

/** What may be meant, and the words of the questions: "Which <noun> do you want to <verb>?" */
export type Sought = {
  kinds: readonly Kind[];
  noun: string;
  verb: string;
  /** Several kinds with the name are no question: the first kind of the table is taken. For reads only. */
  firstKind?: boolean;
  /** A pod's name stands for the workload that controls it. */
  throughPods?: boolean;
};

export const workloadTable = kinds.filter(({ singular }) => workloadKinds.some((kind) => kind === singular));

/**
 * The one object that a request means. Only an exact name is taken; near names, several namespaces, environments or
 * kinds are a question.
 */
export async function locateObject(
  request: PlaceRequest,
  reader: Reader,
  sought: Sought,
): Promise<LocatedObject> {
  const places = placesFor(reader.environments, 'kubernetes', request.environment);
  if (places.kind !== 'places') return places;
  const { connections } = places;
  if (request.name === undefined || request.name.trim() === '') {
    return askName(reader, connections, sought, request.namespace);
  }
  const wanted = wantedOf({ name: request.name, namespace: request.namespace });
  let found = await findObjects(reader, connections, sought.kinds, wanted);
  if (found.length === 0 && sought.throughPods === true) {
    found = (await ownersOfPod(reader, connections, wanted)).filter(({ kind }) =>
      sought.kinds.includes(kind),
    );
  }
  if (sought.firstKind === true) found = ofFirstKind(found, sought.kinds);
  const [only, ...others] = found;
  if (only === undefined) return unknownName(reader, connections, sought, wanted);
  if (others.length > 0) return { kind: 'question', question: whichOne(found) };
  const { connection } = only;
  const cluster = openCluster(reader, connection.id);
  const place = { environment: connection.environment, connection: connection.id };
  return { kind: 'located', place: { ...place, clusterUid: await cluster.uid() }, object: only, cluster };
}

/** The one workload that a request means; `refuse` says why a kind can't be what the verb wants. */
export async function locateWorkload(
  request: PlaceRequest,
  reader: Reader,
  verb: string,
  refuse: { [Kind in WorkloadKind]?: string } = {},
): Promise<LocatedWorkload> {
  const sought = { kinds: workloadTable, noun: 'workload', verb, throughPods: true };
  const located = await locateObject(request, reader, sought);
  if (located.kind !== 'located') return located;
  const { place, object, cluster } = located;
  const kind = object.kind.singular as WorkloadKind;
  const refused = refuse[kind];
  if (refused !== undefined) return { kind: 'impossible', reason: refused };
  const at = { ...place, namespace: object.namespace, kind, name: object.name };
  return { kind: 'located', at, workload: await readWorkload(cluster, at), cluster };
}

function ofFirstKind(found: readonly Found[], order: readonly Kind[]): Found[] {
  const first = order.find((kind) => found.some((it) => it.kind === kind));
  return found.filter(({ kind }) => kind === first);
}
