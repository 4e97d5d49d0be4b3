import type { ConnectionView } from '../../domain/environment.ts';
import { FaultError } from '../../domain/fault.ts';
import { nearNames } from '../../domain/near-names.ts';
import type { Question, QuestionOption } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { askConnection, askEnvironment, placesFor } from '../../domain/resolve-environment.ts';
import type { Api, KubeObject } from './api.ts';
import { type ReleaseInput, releaseName } from './release.ts';
import { type Helm, withHelm } from './run-helm.ts';

export type ReleaseRequest = {
  release?: string | undefined;
  namespace?: string | undefined;
  environment?: string | undefined;
};

export type Unlocated = { kind: 'question'; question: Question } | { kind: 'impossible'; reason: string };
export type LocatedRelease = { kind: 'located'; at: ReleaseInput; row: ReleaseRow } | Unlocated;

/** A line of `helm list`. */
export type ReleaseRow = {
  name: string;
  namespace: string;
  revision: string;
  updated: string;
  status: string;
  chart: string;
  app_version: string;
};

type Found = { connection: ConnectionView; row: ReleaseRow };

/** All states; helm 3 leaves some out by default, helm 4 none. */
const everyState = ['deployed', 'failed', 'pending', 'superseded', 'uninstalled', 'uninstalling'];

/** The one release that a request means. Only an exact name is taken; anything else is a question. */
export async function locateRelease(
  request: ReleaseRequest,
  reader: Reader,
  verb: string,
): Promise<LocatedRelease> {
  const places = placesFor(reader.environments, 'kubernetes', request.environment);
  if (places.kind !== 'places') return places;
  const namespace = request.namespace?.toLowerCase();
  const all = await releasesOf(reader, places.connections, namespace);
  const where = placeWords(places.connections, namespace);
  if (all.length === 0) return { kind: 'impossible', reason: `There is no helm release in ${where}.` };
  const wanted = request.release?.trim().toLowerCase();
  if (wanted === undefined || wanted === '')
    return { kind: 'question', question: ask(reader, `Which release do you want to ${verb}?`, all) };
  const found = all.filter(({ row }) => row.name === wanted);
  const [only, ...others] = found;
  if (only === undefined) return unknown(reader, wanted, all, where);
  if (others.length > 0) return { kind: 'question', question: whichOne(found) };
  const { connection, row } = only;
  const clusterUid = await withHelm(reader, connection.id, ({ api }) => clusterUidOf(api));
  const place = { environment: connection.environment, connection: connection.id, clusterUid };
  if (!releaseName.safeParse(row.name).success)
    return { kind: 'impossible', reason: `Reign does not handle a release called ${row.name}.` };
  return { kind: 'located', at: { ...place, namespace: row.namespace, release: row.name }, row };
}

/** Releases of a cluster in any state, of one namespace or all. */
export function listReleases(helm: Pick<Helm, 'json'>, namespace: string | undefined): Promise<ReleaseRow[]> {
  const scope = namespace === undefined ? ['--all-namespaces'] : ['--namespace', namespace];
  return helm.json<ReleaseRow[]>([
    'list',
    ...scope,
    '--max',
    '0',
    ...everyState.map((state) => `--${state}`),
  ]);
}

/** What the cluster is known by whatever it is called. */
export async function clusterUidOf(api: Api): Promise<string> {
  const uid = (await api.get<KubeObject>('/api/v1/namespaces/kube-system')).metadata?.uid;
  if (uid === undefined) throw new FaultError('internal', 'The namespace kube-system has no uid.');
  return uid;
}

async function releasesOf(
  reader: Reader,
  connections: readonly ConnectionView[],
  namespace: string | undefined,
): Promise<Found[]> {
  const lists = connections.map(async (connection) => {
    const rows = await withHelm(reader, connection.id, (helm) => listReleases(helm, namespace));
    return rows.map((row) => ({ connection, row }));
  });
  return (await Promise.all(lists)).flat();
}

function unknown(reader: Reader, wanted: string, all: readonly Found[], where: string): Unlocated {
  const near = nearNames(
    wanted,
    all.map(({ row }) => row.name),
  );
  const text = `There is no helm release "${wanted}" in ${where}.`;
  if (near.length === 0) {
    const names = [...new Set(all.map(({ row }) => `${row.namespace}/${row.name}`))];
    return { kind: 'impossible', reason: `${text} There are: ${names.slice(0, 10).join(', ')}.` };
  }
  const meant = near.flatMap((name) => all.filter(({ row }) => row.name === name));
  return { kind: 'question', question: ask(reader, `${text} Did you mean one of these?`, meant) };
}

function ask(reader: Reader, text: string, found: readonly Found[]): Question {
  const options = found.slice(0, 10).map(({ connection, row }): QuestionOption => {
    const siblings =
      reader.environments.find(({ name }) => name === connection.environment)?.connections ?? [];
    const several = siblings.filter(({ kind }) => kind === 'kubernetes').length > 1;
    const environment = several ? connection.id : connection.environment;
    const label = `${row.namespace}/${row.name}, ${row.chart}, ${row.status} (${connection.environment})`;
    return { label, patch: { release: row.name, namespace: row.namespace, environment } };
  });
  return { text, field: 'release', options };
}

/** Several releases with one name: asks for what tells them apart, the widest difference first. */
function whichOne(found: readonly Found[]): Question {
  const name = found[0]?.row.name ?? '';
  const connections = found.map(({ connection }) => connection);
  const text = `There are several releases called ${name}. Which one?`;
  if (new Set(connections.map(({ environment }) => environment)).size > 1)
    return askEnvironment(text, connections);
  const distinct = connections.filter(
    (it, index) => connections.findIndex(({ id }) => id === it.id) === index,
  );
  if (distinct.length > 1) return askConnection(text, distinct);
  const options = found.map(({ row }) => ({
    label: `${row.namespace}/${row.name} (${row.chart}, ${row.status})`,
    patch: { namespace: row.namespace },
  }));
  return { text, field: 'namespace', options };
}

function placeWords(connections: readonly ConnectionView[], namespace: string | undefined): string {
  const environments = [...new Set(connections.map(({ environment }) => environment))].join(', ');
  return namespace === undefined ? environments : `namespace ${namespace} of ${environments}`;
}
