import type { ThreadContext } from '../../domain/draft.ts';
import type { Knowledge } from './reply.ts';
import { readNumber } from './text/lexicon.ts';
import type { Message } from './text/message.ts';
import type { Token } from './text/tokens.ts';
import type { Classification, Params } from './types.ts';
import type { FieldType } from './values/fields.ts';

type Understood = Classification & { message: Message };
export type Continued = { operation: string; request: Params };

const fillers = new Set(
  'and now also same thing do the then too what how about again for it its that them this in on to of with as well but no nope rather instead make set let put go back actually please ok okay try just one at be should yes sorry wait i meant mean oh'.split(
    ' ',
  ),
);
const units = /^(?:replicas?|pods?|instances?|lines?|revision|rev)$/;
const pronouns = new Set('it its that them this those they'.split(' '));
const nameFields: readonly string[] = ['name', 'release', 'workflow'];
const beforeName = new Set('for and about also same now with then on'.split(' '));
const behindName = new Set('too also as instead'.split(' '));
const backwards = [
  /^(?:(?:no|ok|and|now|then|please|actually|wait)[\s,]+)*(?:(?:put|set|make|change|take|scale|bring|go)\s+)?(?:(?:it|that|them)\s+)?(?:back\s+)?(?:to\s+)?(?:what|how|as|like|the way)\s+(?:it|they)\s+(?:was|were|had been)(?:\s+before)?[\s.!?]*$/i,
  /^(?:(?:put|set|change|scale)\s+(?:it|that)\s+)?(?:back\s+)?(?:as|like)\s+before[\s.!?]*$/i,
  /^(?:put|set|change|scale)\s+(?:it|that)\s+back[\s.!?]*$/i,
];

/**
 * A message that says something only together with the thread's last request ("back to 3", "and in staging?",
 * "same for cart", "restart it"), as a whole request; undefined when the message stands by itself.
 */
export function followUp(
  understood: Understood,
  context: ThreadContext,
  knowledge: Knowledge,
): Continued | undefined {
  const { operation, request, previous } = context;
  if (operation === undefined || request === undefined || !knowledge.offered.has(operation)) return undefined;
  if (backwards.some((pattern) => pattern.test(understood.message.text)))
    return previous && { operation, request: previous };
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
  const told = outsidePlaces(message);
  for (const [index, token] of told.entries()) {
    if (token.shape === 'mark' || fillers.has(token.word) || units.test(token.word)) continue;
    const introduced =
      beforeName.has(told[index - 1]?.word ?? '') || behindName.has(told[index + 1]?.word ?? '');
    const field = fieldFor(token, request, fields, introduced && !learnt.vocabulary.read(token).known);
    if (field === undefined || Object.hasOwn(patch, field)) return undefined;
    patch[field] = fields.get(field)?.kind === 'number' ? (readNumber(token.value) ?? 0) : token.value;
  }
  if (Object.keys(patch).length === 0) return undefined;
  return { operation, request: { ...request, ...patch } };
}

/** The field that a new word of a follow-up fills; a name only where it may be one. */
function fieldFor(
  token: Token,
  request: Params,
  fields: ReadonlyMap<string, FieldType>,
  maybeName: boolean,
): string | undefined {
  if (token.shape === 'number') {
    const numeric = [...fields].filter(([, type]) => type.kind === 'number').map(([field]) => field);
    const said = numeric.filter((field) => request[field] !== undefined);
    return said.length === 1 ? said[0] : numeric.length === 1 ? numeric[0] : undefined;
  }
  if (token.shape === 'url' && fields.has('url')) return 'url';
  return maybeName && isNameShape(token) ? nameFields.find((field) => fields.has(field)) : undefined;
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
  const told = outsidePlaces(message);
  const named =
    params.name !== undefined ||
    told.some((token) => isNameShape(token) && !learnt.vocabulary.read(token).known);
  if (!pronoun || named || typeof request.name !== 'string') return undefined;
  const carried: Params = {};
  for (const field of ['name', 'namespace', 'environment'])
    if (fields.has(field) && request[field] !== undefined) carried[field] = request[field];
  return { operation: intent, request: { ...carried, ...params } };
}

function isNameShape({ shape }: Token): boolean {
  return shape === 'word' || shape === 'id' || shape === 'hex';
}

function outsidePlaces({ tokens, places, small }: Message): Token[] {
  return tokens.filter(
    (token, index) =>
      (!small.has(index) || fillers.has(token.word)) &&
      [places.environment, places.namespace].every(
        (place) => !place || index < place.from || index >= place.to,
      ),
  );
}
