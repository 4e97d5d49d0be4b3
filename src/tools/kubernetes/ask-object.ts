import type { ConnectionView, EnvironmentView } from '../../domain/environment.ts';
import { FaultError } from '../../domain/fault.ts';
import { nearNames } from '../../domain/near-names.ts';
import type { Question, QuestionOption } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { askConnection, askEnvironment } from '../../domain/resolve-environment.ts';
import { allObjects, type Found, type Wanted } from './find-object.ts';
import type { Kind } from './kinds.ts';

export type Unlocated = { kind: 'question'; question: Question } | { kind: 'impossible'; reason: string };

type Words = { kinds: readonly Kind[]; noun: string; verb: string };

/** Asks for the name that is missing, with up to ten of what exists. */
export async function askName(
  reader: Reader,
  connections: readonly ConnectionView[],
  { kinds, noun, verb }: Words,
  namespace: string | undefined,
): Promise<Unlocated> {
  const found = await suggestions(reader, connections, kinds, namespace);
  if (found.length === 0) return { kind: 'impossible', reason: `There is no ${noun} there.` };
  const text = `Which ${noun} do you want to ${verb}?`;
  const options = found.slice(0, 10).map((it) => optionFor(reader.environments, it));
  return { kind: 'question', question: { text, field: 'name', options } };
}

/** A name that nothing has: asks about near ones, else says what there is. */
export async function unknownName(
  reader: Reader,
  connections: readonly ConnectionView[],
  { kinds, noun }: Words,
  wanted: Wanted,
): Promise<Unlocated> {
  const known = await readable(suggestions(reader, connections, kinds, undefined));
  const names = known.map(({ name }) => name);
  const meant = nearNames(wanted.name, names).flatMap((name) => known.filter((it) => it.name === name));
  const environments = [...new Set(connections.map(({ environment }) => environment))].join(', ');
  const where =
    wanted.namespace === undefined ? environments : `namespace ${wanted.namespace} of ${environments}`;
  const text = `There is no ${noun} "${wanted.name}" in ${where}.`;
  if (meant.length > 0) {
    const options = meant.slice(0, 10).map((it) => optionFor(reader.environments, it));
    return {
      kind: 'question',
      question: { text: `${text} Did you mean one of these?`, field: 'name', options },
    };
  }
  const some = [...new Set(known.map(({ namespace, name }) => (namespace ? `${namespace}/${name}` : name)))];
  const rest = some.length === 0 ? '' : ` What there is: ${some.slice(0, 10).join(', ')}.`;
  return { kind: 'impossible', reason: `${text}${rest}` };
}

/** Several objects with one name: asks for what tells them apart, the widest difference first. */
export function whichOne(found: readonly Found[]): Question {
  const name = found[0]?.name ?? '';
  const connections = found.map(({ connection }) => connection);
  if (several(found, ({ connection }) => connection.environment)) {
    return askEnvironment(`${name} exists in several environments. Which one do you mean?`, connections);
  }
  if (several(found, ({ connection }) => connection.id)) {
    const distinct = connections.filter(
      (it, index) => connections.findIndex(({ id }) => id === it.id) === index,
    );
    return askConnection(`${name} exists in several clusters. Which one do you mean?`, distinct);
  }
  if (several(found, ({ namespace }) => namespace)) {
    const namespaces = [...new Set(found.map(({ namespace }) => namespace))];
    const options = namespaces.map((namespace) => ({ label: `${namespace}/${name}`, patch: { namespace } }));
    return { text: `${name} exists in several namespaces. Which one?`, field: 'namespace', options };
  }
  const options = found.map(({ kind: { singular } }) => ({
    label: `${singular} ${name}`,
    patch: { name: `${singular}/${name}` },
  }));
  return { text: `There are several things called ${name}. Which one?`, field: 'name', options };
}

/** Pods come and go: they are suggested only where nothing else is sought. */
function suggestions(
  reader: Reader,
  connections: readonly ConnectionView[],
  kinds: readonly Kind[],
  namespace: string | undefined,
): Promise<Found[]> {
  const lasting = kinds.filter(({ kind }) => kind !== 'Pod');
  return allObjects(reader, connections, lasting.length > 0 ? lasting : kinds, namespace);
}

function optionFor(
  environments: readonly EnvironmentView[],
  { connection, kind, namespace, name }: Found,
): QuestionOption {
  const place = namespace === '' ? {} : { namespace };
  const label = `${kind.singular} ${namespace === '' ? '' : `${namespace}/`}${name} (${connection.environment})`;
  const word = kind.kind === 'Deployment' ? name : `${kind.singular}/${name}`;
  return { label, patch: { name: word, ...place, environment: environmentWord(environments, connection) } };
}

/** Near names are a courtesy: an account that may not list everything gets none. */
async function readable(promise: Promise<Found[]>): Promise<Found[]> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === 'not-allowed') return [];
    throw error;
  }
}

/** The word for `environment` that leads back to this connection: its id where the environment has several. */
export function environmentWord(
  environments: readonly EnvironmentView[],
  connection: ConnectionView,
): string {
  const siblings = environments.find(({ name }) => name === connection.environment)?.connections ?? [];
  const several = siblings.filter(({ kind }) => kind === connection.kind).length > 1;
  return several ? connection.id : connection.environment;
}

function several<Item>(items: readonly Item[], key: (item: Item) => string): boolean {
  return new Set(items.map(key)).size > 1;
}
