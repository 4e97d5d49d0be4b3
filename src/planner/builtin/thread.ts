import type { ThreadContext } from '../../domain/draft.ts';
import type { Knowledge } from './reply.ts';
import { readNumber } from './text/lexicon.ts';
import type { Message } from './text/message.ts';
import type { Token } from './text/tokens.ts';
import type { Classification, Params } from './types.ts';

type Understood = Classification & { message: Message };
export type Continued = { operation: string; request: Params };

const fillers = new Set(
  'and now also same thing do the then too what how about again for it its that them this in on to of with as well but no nope rather instead make set let put go back actually please ok okay try just one at be should yes sorry wait i meant mean oh'.split(
    ' ',
  ),
);
const pronouns = new Set('it its that them this those they one'.split(' '));
const backwards =
  /^(?:(?:no|ok|and|now|then|please|actually|wait)[\s,]+)*(?:put |set |make |change |take |scale |bring |go )?(?:it |that |them )?(?:back )?(?:to )?(?:what|how|as|like|the way) (?:it|they) (?:was|were|had been)(?: before)?[\s.!?]*$|^(?:and |now |then )?(?:back )?(?:as|like) (?:it was )?before[\s.!?]*$|^(?:put|set|change|scale) (?:it|that) back[\s.!?]*$/i;

/**
 * A message that says something only together with the thread's last request ("back to 3", "and in staging?",
 * "same for cart", "restart it"), as a whole request; undefined when the message stands by itself.
 */
export function followUp(
  understood: Understood,
  context: ThreadContext,
  knowledge: Knowledge,
): Continued | undefined {
  const { operation, request } = context;
  if (operation === undefined || request === undefined || !knowledge.offered.has(operation)) return undefined;
  if (backwards.test(understood.message.text))
    return context.previous && { operation, request: context.previous };
  return (
    changed(understood.message, operation, request, knowledge) ?? pointed(understood, request, knowledge)
  );
}

/** "make it 5 instead", "now production", "same for cart": only fillers besides the new number, place or name. */
function changed(
  message: Message,
  operation: string,
  request: Params,
  { learnt }: Knowledge,
): Continued | undefined {
  const fields = learnt.knowledge.get(operation)?.fields;
  if (!fields) return undefined;
  const patch: Params = {};
  const { environment, namespace } = message.places;
  if (environment && fields.has('environment')) patch.environment = environment.value;
  if (namespace && fields.has('namespace')) patch.namespace = namespace.value;
  for (const token of outsidePlaces(message)) {
    const field = fieldFor(token, request, fields, learnt.vocabulary.read(token).known);
    if (field === 'nothing') continue;
    if (field === undefined || Object.hasOwn(patch, field)) return undefined;
    patch[field] = fields.get(field)?.kind === 'number' ? (readNumber(token.value) ?? 0) : token.value;
  }
  const moved =
    patch.environment !== undefined && patch.namespace === undefined ? withoutNamespace(request) : request;
  return Object.keys(patch).length === 0 ? undefined : { operation, request: { ...moved, ...patch } };
}

/** A namespace belongs to the environment that it was said for only when it was said; it is kept as words were. */
function withoutNamespace(request: Params): Params {
  return request;
}

function fieldFor(
  token: Token,
  request: Params,
  fields: ReadonlyMap<string, { kind: string }>,
  known: boolean,
): string | 'nothing' | undefined {
  if (token.shape === 'mark' || fillers.has(token.word)) return 'nothing';
  if (token.shape === 'number') {
    const numeric = [...fields].filter(([, type]) => type.kind === 'number').map(([field]) => field);
    const said = numeric.filter((field) => request[field] !== undefined);
    return said.length === 1 ? said[0] : numeric.length === 1 ? numeric[0] : undefined;
  }
  if (/^(?:replicas?|pods?|instances?|lines?|revision|rev|replica)$/.test(token.word)) return 'nothing';
  if (token.shape === 'url' && fields.has('url')) return 'url';
  if (known || (token.shape !== 'word' && token.shape !== 'id' && token.shape !== 'hex')) return undefined;
  return ['name', 'release', 'workflow'].find((field) => fields.has(field));
}

/** "restart it", "show its logs": another request whose object is the thread's. */
function pointed(
  understood: Understood,
  request: Params,
  { learnt, offered }: Knowledge,
): Continued | undefined {
  const { intent, params, message, confidence } = understood;
  const fields = learnt.knowledge.get(intent)?.fields;
  if (!offered.has(intent) || !fields?.has('name') || confidence < 0.3) return undefined;
  const pronoun = message.tokens.some(({ word }) => pronouns.has(word));
  const unnamed = params.name === undefined || pronouns.has(String(params.name).toLowerCase());
  const named = typeof request.name === 'string' && pronoun && unnamed;
  if (
    !named ||
    outsidePlaces(message).some((token) => isNameLike(token, learnt.vocabulary.read(token).known))
  )
    return undefined;
  const carried: Params = {};
  for (const field of ['name', 'namespace', 'environment'])
    if (fields.has(field) && request[field] !== undefined) carried[field] = request[field];
  const { name: _, ...said } = params;
  return { operation: intent, request: { ...carried, ...said } };
}

function isNameLike(token: Token, known: boolean): boolean {
  return !known && (token.shape === 'word' || token.shape === 'id' || token.shape === 'hex');
}

function outsidePlaces({ tokens, places }: Message): Token[] {
  return tokens.filter((_, index) =>
    [places.environment, places.namespace].every(
      (place) => !place || index < place.from || index >= place.to,
    ),
  );
}
