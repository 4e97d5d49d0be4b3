import type { Knowledge } from './reply.ts';
import { readNumber } from './text/lexicon.ts';
import type { Message } from './text/message.ts';
import type { Classification, Params } from './types.ts';

type Understood = Classification & { message: Message };

/** `steps`: the same operation several times. `mixed`: different operations in one message. */
export type Several =
  | { kind: 'steps'; operation: string; requests: readonly Params[]; chained: boolean }
  | { kind: 'mixed' };

const joiner = /\s*(?:,\s*(?:and|then|and then|&)\s+|,\s+|\s+(?:and then|and also|and|then|&|plus)\s+)/i;

/** Reads "scale checkout to 4 and cart to 3 in staging" as its parts; undefined when it is one request. */
export function readSeveral(
  whole: Understood,
  read: (text: string) => Understood,
  knowledge: Knowledge,
): Several | undefined {
  const { text } = whole.message;
  if (/["'`{}()|]/.test(text) || /^(?:shell|bash|promql|\$)/i.test(text)) return undefined;
  const parts = text.split(joiner).filter((part) => part.trim() !== '');
  const [head, ...tail] = parts;
  if (head === undefined || tail.length === 0 || parts.length > 8) return undefined;
  const first = read(head);
  if (!isSimple(first, knowledge)) return undefined;
  const fields = knowledge.learnt.knowledge.get(first.intent)?.fields ?? new Map();
  const requests: Params[] = [first.params];
  for (const part of tail) {
    const full = read(part);
    const short = readShort(full, fields, knowledge, namesIn(knowledge));
    if (short) requests.push(short);
    else if (full.confidence >= 0.7 && full.intent === first.intent && hasName(full.params))
      requests.push(full.params);
    // Half of what was asked must never be done in silence: a second value is a second wish.
    else return isOther(full, first, knowledge) || hasValue.test(part) ? { kind: 'mixed' } : undefined;
  }
  const chained = /\bthen\b/i.test(text);
  return { kind: 'steps', operation: first.intent, requests: share(requests), chained };
}

const hasValue = /\bto\s+\d+\b/i;

const knownNames = new WeakMap<Knowledge['sources'], ReadonlySet<string>>();

/** What things are called in the examples: "web" and "worker" are words of the trade, and names all the same. */
function namesIn({ sources }: Knowledge): ReadonlySet<string> {
  const known = knownNames.get(sources);
  if (known) return known;
  const names = new Set<string>();
  for (const { examples } of sources.values()) {
    for (const { params } of examples)
      if (typeof params.name === 'string') names.add(params.name.toLowerCase());
  }
  knownNames.set(sources, names);
  return names;
}

function isSimple({ intent, confidence, params }: Understood, { offered, learnt }: Knowledge): boolean {
  const known =
    (offered.has(intent) && intent.startsWith('kubernetes.')) ||
    (offered.has(intent) && intent.startsWith('docker.'));
  return (
    known && confidence >= 0.6 && learnt.knowledge.get(intent)?.fields.has('name') === true && hasName(params)
  );
}

function hasName(params: Params): boolean {
  return typeof params.name === 'string';
}

/** "cart", "cart to 3", "cart to 3 in staging", "in prod": no verb of its own. */
function readShort(
  part: Understood,
  fields: ReadonlyMap<string, { kind: string }>,
  { learnt }: Knowledge,
  names: ReadonlySet<string>,
): Params | undefined {
  const { tokens, places } = part.message;
  const params: Params = {};
  const numeric = [...fields].find(([, type]) => type.kind === 'number')?.[0];
  for (const [index, token] of tokens.entries()) {
    if (
      [places.environment, places.namespace].some((place) => place && index >= place.from && index < place.to)
    )
      continue;
    if (
      token.shape === 'mark' ||
      /^(?:to|the|deployment|pods?|replicas?|service|please|pls|both|at|with|too|as|well|also|container)$/.test(
        token.word,
      )
    )
      continue;
    const number = token.shape === 'number' ? readNumber(token.value) : undefined;
    if (number !== undefined && numeric !== undefined && params[numeric] === undefined)
      params[numeric] = number;
    else if (
      params.name === undefined &&
      /^(?:word|id|hex|quote)$/.test(token.shape) &&
      (!learnt.vocabulary.read(token).known || names.has(token.word))
    )
      params.name = token.value;
    else return undefined;
  }
  if (places.environment) params.environment = places.environment.value;
  if (places.namespace) params.namespace = places.namespace.value;
  return Object.keys(params).length === 0 ? undefined : params;
}

/** What one part leaves out, the part before it says, or else the one behind it. */
function share(requests: readonly Params[]): Params[] {
  const forwards: Params[] = [];
  for (const request of requests) {
    const name = forwards.at(-1)?.name;
    forwards.push({ ...(name === undefined ? {} : { name }), ...request });
  }
  const shared: Params[] = [];
  for (const request of forwards.toReversed()) {
    const { name: _, ...behind } = shared.at(-1) ?? {};
    shared.push({ ...behind, ...request });
  }
  const all = shared.toReversed();
  const [{ environment, namespace } = {}] = all;
  return all.map((request) => ({
    ...(environment === undefined ? {} : { environment }),
    ...(namespace === undefined ? {} : { namespace }),
    ...request,
  }));
}

function isOther(part: Understood, first: Understood, { sources }: Knowledge): boolean {
  return (
    part.confidence >= 0.6 &&
    part.intent !== first.intent &&
    part.intent !== 'none' &&
    sources.has(part.intent)
  );
}
