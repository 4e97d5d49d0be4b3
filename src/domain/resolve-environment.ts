import { eachPlace } from './each-place.ts';
import { type ConnectionView, type EnvironmentView, findEnvironment } from './environment.ts';
import type { Question } from './operation.ts';

/** Clusters that one request may spread over. */
const mostAtOnce = 12;

/** The connections that a request may mean, or what must be asked first. */
export type Places =
  | { kind: 'places'; connections: readonly ConnectionView[] }
  | { kind: 'question'; question: Question }
  | { kind: 'impossible'; reason: string };

/**
 * All connections of a kind that the word allows. The word is an environment's name or alias, or a connection's id
 * (what an earlier question put there); without a word every environment is a candidate, and none is ever guessed.
 */
export function placesFor(
  environments: readonly EnvironmentView[],
  kind: ConnectionView['kind'],
  word: string | undefined,
): Places {
  const all = environments.flatMap(({ connections }) => connections).filter((it) => it.kind === kind);
  if (all.length === 0) {
    const reason = `No ${kind} connection is configured. Add one under an environment in reign.yaml.`;
    return { kind: 'impossible', reason };
  }
  if (word === undefined) return { kind: 'places', connections: all };
  const named = findEnvironment(environments, word)?.name;
  const connections = all.filter(({ environment, id }) => environment === named || id === word);
  if (connections.length > 0) return { kind: 'places', connections };
  const text =
    named === undefined
      ? `There is no environment called "${word}". Which one do you mean?`
      : `The environment ${named} has no ${kind} connection. Which one do you mean?`;
  return { kind: 'question', question: askEnvironment(text, all) };
}

/** A question with one option for each environment of the connections. */
export function askEnvironment(text: string, connections: readonly ConnectionView[]): Question {
  const names = [...new Set(connections.map(({ environment }) => environment))];
  const options = names.map((environment) => ({ label: environment, patch: { environment } }));
  return { text, field: 'environment', options };
}

/**
 * A question with one option for each connection: for an environment with several that fit. The last one means all of
 * them, a step for each.
 */
export function askConnection(text: string, connections: readonly ConnectionView[]): Question {
  const options = connections.map(({ id, environment, name }) => ({
    label: `${environment}: ${name}`,
    patch: { environment: id },
  }));
  const [environment, ...others] = new Set(connections.map((each) => each.environment));
  const few = connections.length > 1 && connections.length <= mostAtOnce;
  const all = {
    label: `all ${connections.length} of ${environment}, one by one`,
    patch: { environment: eachPlace(connections) },
  };
  return { text, field: 'environment', options: few && others.length === 0 ? [...options, all] : options };
}

/** Exactly one connection for requests that name no object: several are a question. */
export function onePlace(
  environments: readonly EnvironmentView[],
  kind: ConnectionView['kind'],
  word: string | undefined,
): { kind: 'place'; connection: ConnectionView } | Exclude<Places, { kind: 'places' }> {
  const places = placesFor(environments, kind, word);
  if (places.kind !== 'places') return places;
  const [first, ...others] = places.connections;
  if (first !== undefined && others.length === 0) return { kind: 'place', connection: first };
  const spread = new Set(places.connections.map(({ environment }) => environment)).size > 1;
  const question = spread
    ? askEnvironment('Which environment do you mean?', places.connections)
    : askConnection('This environment has several. Which one do you mean?', places.connections);
  return { kind: 'question', question };
}
