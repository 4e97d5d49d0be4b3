import { toFault } from '../../domain/fault.ts';
import { canonicalJson, type Json } from '../../domain/json.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { openCluster } from './client.ts';
import type { ObjectPlace } from './locate.ts';
import { shownTouched } from './shown-fields.ts';
import { touchedBetween } from './touched.ts';
import { templateOf, viewOf, type Workload, type WorkloadInput, workloadAsk } from './workload.ts';

type Fields = { [field: string]: Json };

/** One workload as it is in one cluster. */
export type Copy = {
  place: string;
  found?: { ready: number; own: Fields; images: { [name: string]: string } };
  fault?: string;
};

export type Compared = {
  place: string;
  state: 'identical' | 'differs' | 'missing' | 'unknown';
  replicas: string;
  images: { [container: string]: string };
  differs: string[];
};

const mostPaths = 4;

/** Reads a copy. A cluster that does not answer is no reason to hide the others. */
export async function copyOf(
  { kind, namespace, name }: Pick<WorkloadInput, 'kind' | 'namespace' | 'name'>,
  place: ObjectPlace,
  reader: Reader,
): Promise<Copy> {
  const cluster = openCluster(reader, place.connection);
  const called = nameOf(place.connection, place.environment);
  try {
    const live = await cluster.find<Workload>(workloadAsk({ ...place, kind, namespace, name }));
    if (live === undefined) return { place: called };
    const { images, replicas } = viewOf(live);
    const { spec, metadata } = templateOf(live);
    const own = {
      replicas,
      template: { labels: metadata?.labels ?? {}, spec: JSON.parse(JSON.stringify(spec ?? {})) },
    };
    const { readyReplicas, numberReady } = (live.status ?? {}) as {
      readyReplicas?: number;
      numberReady?: number;
    };
    return { place: called, found: { ready: readyReplicas ?? numberReady ?? 0, own, images } };
  } catch (error) {
    return { place: called, fault: toFault(error).message };
  }
}

/** Holds every copy against the commonest, the earlier of two equally common. */
export function compareCopies(copies: readonly Copy[]): Compared[] {
  const texts = copies.flatMap(({ found }) => (found === undefined ? [] : [canonicalJson(found.own)]));
  const count = (text: string) => texts.filter((each) => each === text).length;
  const [usual] = [...texts].sort((a, b) => count(b) - count(a));
  const model = copies.find(({ found }) => found !== undefined && canonicalJson(found.own) === usual)?.found;
  return copies.map(({ place, found, fault }) => {
    const nothing = { place, replicas: '', images: {} };
    if (found === undefined)
      return {
        ...nothing,
        state: fault === undefined ? 'missing' : 'unknown',
        differs: fault === undefined ? [] : [fault],
      };
    const { images, ready, own } = found;
    const differs = model === undefined ? [] : differencesOf(model.own, own);
    const replicas = `${ready} of ${own['replicas'] ?? ready} ready`;
    return { place, state: differs.length === 0 ? 'identical' : 'differs', replicas, images, differs };
  });
}

/** "replicas: 4, not 2"; values of the environment are not told. */
function differencesOf(model: Fields, own: Fields): string[] {
  const { before, after } = shownTouched('Deployment', touchedBetween(model, own));
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const told = paths.slice(0, mostPaths).map((path) => {
    const [usual, here] = [before[path], after[path]];
    const short = path.replace(/^template\.(spec\.)?/, '').replace(/^containers/, '');
    if (usual === undefined) return `${short}: only here`;
    if (here === undefined) return `${short}: not here`;
    return path.endsWith('.value') ? `${short}: another value` : `${short}: ${here}, not ${usual}`;
  });
  const rest = paths.length - told.length;
  return rest > 0 ? [...told, `and ${rest} more`] : told;
}

/** "production", or "production/eu" where the connection has a name of its own. */
function nameOf(connection: string, environment: string): string {
  const name = connection.split('/').at(-1) ?? '';
  return name === 'main' || name === '' ? environment : `${environment}/${name}`;
}
