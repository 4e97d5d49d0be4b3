import type { ConnectionView } from '../../domain/environment.ts';
import { toFault } from '../../domain/fault.ts';
import { nearNames } from '../../domain/near-names.ts';
import type { Question, QuestionOption } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { askEnvironment, placesFor } from '../../domain/resolve-environment.ts';
import { askJson } from './ask.ts';

export const watchedKinds = ['service', 'deployment', 'statefulset', 'daemonset'] as const;
export type WatchedKind = (typeof watchedKinds)[number];

/** What is to be watched, where it lives. */
export type Watched = { connection: ConnectionView; namespace: string; kind: WatchedKind; name: string };

export type Sought = {
  name?: string | undefined;
  namespace?: string | undefined;
  environment?: string | undefined;
  kinds: readonly WatchedKind[];
};

type FoundOrNot =
  | { kind: 'found'; found: Watched }
  | { kind: 'question'; question: Question }
  | { kind: 'impossible'; reason: string };

/** The one object that a request means. Near names, several namespaces, environments or kinds are a question. */
export async function findInCluster(sought: Sought, reader: Reader): Promise<FoundOrNot> {
  const places = placesFor(reader.environments, 'kubernetes', sought.environment);
  if (places.kind !== 'places') return places;
  const { connections } = places;
  const noun = sought.kinds.length === 1 ? (sought.kinds[0] ?? 'object') : 'workload';
  // Kubernetes names hold no capitals; "shop/checkout" is a namespace and a name.
  const [first = '', second] = (sought.name ?? '').trim().toLowerCase().split('/');
  const name = second ?? first;
  const namespace = second === undefined ? sought.namespace?.toLowerCase() : first;
  const found = name === '' ? [] : await listed(reader, connections, { ...sought, name, namespace });
  const [only, ...others] = found;
  if (only && others.length === 0) return { kind: 'found', found: only };
  if (only) return { kind: 'question', question: whichOne(found) };
  const known = await listed(reader, connections, { kinds: sought.kinds, namespace });
  return name === '' ? askName(noun, known) : unknownName(noun, name, known);
}

function askName(noun: string, known: readonly Watched[]): FoundOrNot {
  if (known.length === 0) return { kind: 'impossible', reason: `There is no ${noun} there.` };
  const options = known.slice(0, 10).map(optionFor);
  return { kind: 'question', question: { text: `For which ${noun}?`, field: 'name', options } };
}

function unknownName(noun: string, name: string, known: readonly Watched[]): FoundOrNot {
  const text = `There is no ${noun} "${name}" there.`;
  const near = nearNames(
    name,
    known.map((each) => each.name),
  );
  const options = near.flatMap((each) => known.filter((it) => it.name === each).map(optionFor)).slice(0, 10);
  if (options.length > 0)
    return { kind: 'question', question: { text: `${text} Which one do you mean?`, field: 'name', options } };
  const some = [...new Set(known.map((each) => `${each.namespace}/${each.name}`))].slice(0, 10);
  return {
    kind: 'impossible',
    reason: some.length === 0 ? text : `${text} What there is: ${some.join(', ')}.`,
  };
}

function optionFor({ connection, namespace, name }: Watched): QuestionOption {
  const patch = { name, namespace, environment: connection.id };
  return { label: `${namespace}/${name} in ${connection.environment}`, patch };
}

function whichOne(found: readonly Watched[]): Question {
  const environments = new Set(found.map(({ connection }) => connection.environment));
  if (environments.size > 1)
    return askEnvironment(
      `${found[0]?.name} exists in several environments. Which one do you mean?`,
      found.map(({ connection }) => connection),
    );
  const options = found.map(optionFor);
  return { text: 'There are several of this name. Which one do you mean?', field: 'namespace', options };
}

type List = { items?: { metadata: { name: string; namespace: string } }[] };

async function listed(
  reader: Reader,
  connections: readonly ConnectionView[],
  {
    kinds,
    name,
    namespace,
  }: { kinds: readonly WatchedKind[]; name?: string; namespace?: string | undefined },
): Promise<Watched[]> {
  const query =
    name === undefined ? 'limit=500' : `fieldSelector=${encodeURIComponent(`metadata.name=${name}`)}`;
  const lists = connections.flatMap((connection) =>
    kinds.map(async (kind): Promise<Watched[]> => {
      const path = `${pathOf(kind, namespace)}?${query}`;
      const { items = [] } = await askJson<List>(reader, connection.id, { method: 'GET', path }).catch(
        noneThere,
      );
      return items
        .map(({ metadata }) => ({ connection, kind, namespace: metadata.namespace, name: metadata.name }))
        .filter((each) => (name === undefined ? !each.namespace.startsWith('kube-') : each.name === name));
    }),
  );
  const found = (await Promise.all(lists)).flat();
  // Of a workload's kinds the first with the name is meant.
  const kind = kinds.find((each) => found.some((it) => it.kind === each));
  return name === undefined ? found : found.filter((each) => each.kind === kind);
}

/** A cluster that does not know a kind has none of it. */
function noneThere(error: unknown): List {
  if (toFault(error).code === 'not-found') return {};
  throw error;
}

/** Where the API keeps objects of a kind; one of them with a name. */
export function pathOf(kind: WatchedKind, namespace?: string, name?: string): string {
  const api = kind === 'service' ? '/api/v1' : '/apis/apps/v1';
  const place = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${api}${place}/${kind}s${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}
