import { environmentLikelihood } from './lexicon.ts';
import type { Token } from './tokens.ts';

/** Tokens `from` up to, not with, `to` say a place; `value` is what the person calls it. */
export type Place = { value: string; from: number; to: number };
export type Places = { environment?: Place; namespace?: Place; environments: number };

const prepositions = new Set(
  'in on to for at from against into of onto over under within inside across @ using via'.split(' '),
);
const articles = new Set('the our my your that this an a'.split(' '));
const surroundings = new Set('cluster env environment clusters context envs'.split(' '));
const notNames = new Set(
  'the a an this that my our your whole new k8s kubernetes every each all any which what same other right current gke eks aks prod-like and or in on to of is old entire called named kind test per multi local namespace'.split(
    ' ',
  ),
);
const makers = new Set(
  'create make new add another need want called provision delete remove describe drop the a an get list show which what this that'.split(
    ' ',
  ),
);
const spaceWord = /^(?:namespace|ns|namepsace|namespce|namspace|namesapce|nameapce|--namespace|-n)$/;

/** Finds "in the shop namespace" and "on the uat cluster"; `isEnvironment` knows configured names and aliases. */
export function findPlaces(tokens: readonly Token[], isEnvironment: (word: string) => boolean): Places {
  const namespace = findNamespace(tokens);
  const found = findEnvironments(tokens, isEnvironment, namespace);
  return {
    environments: new Set(found.map(({ value }) => value.toLowerCase())).size,
    ...(namespace ? { namespace } : {}),
    ...(found[0] ? { environment: found[0] } : {}),
  };
}

function findNamespace(tokens: readonly Token[]): Place | undefined {
  for (const [index, token] of tokens.entries()) {
    if (!spaceWord.test(token.word)) continue;
    const found = beforeSpaceWord(tokens, index) ?? afterSpaceWord(tokens, index);
    if (found) return found;
  }
  return undefined;
}

/** "namespace shop", "ns: shop", "-n shop", "in namespace shop"; not "create namespace shop". */
function afterSpaceWord(tokens: readonly Token[], index: number): Place | undefined {
  const word = tokens[index]?.word ?? '';
  let next = index + 1;
  if (/^[:=]$/.test(tokens[next]?.raw ?? '')) next += 1;
  if (/^(called|named)$/.test(tokens[next]?.word ?? '') && prepositions.has(tokens[index - 1]?.word ?? ''))
    next += 1;
  const value = tokens[next];
  if (!value || !isName(value)) return undefined;
  let from = index;
  if (articles.has(tokens[from - 1]?.word ?? '') && prepositions.has(tokens[from - 2]?.word ?? '')) from -= 1;
  const before = tokens[from - 1];
  if (prepositions.has(before?.word ?? '') && before?.word !== 'of') from -= 1;
  else if (before?.word === 'of') from -= 1;
  else if (!word.startsWith('-') && (before === undefined || makers.has(before.word))) return undefined;
  else if (before?.raw === ',' || before?.raw === '(') from -= 1;
  const closing = tokens[from]?.raw === '(' && tokens[next + 1]?.raw === ')' ? 1 : 0;
  return { value: owned(value.value), from, to: next + 1 + closing };
}

/** "in the shop namespace", "the shop ns"; not "delete the shop namespace". */
function beforeSpaceWord(tokens: readonly Token[], index: number): Place | undefined {
  const value = tokens[index - 1];
  if (tokens[index]?.raw.startsWith('-') || !value || !isName(value) || makers.has(value.word))
    return undefined;
  let from = index - 1;
  if (articles.has(tokens[from - 1]?.word ?? '')) from -= 1;
  if (!prepositions.has(tokens[from - 1]?.word ?? '')) return undefined;
  return { value: value.value, from: from - 1, to: index + 1 };
}

/** "ns lagoon's cache" is about the namespace lagoon. */
function owned(value: string): string {
  return value.replace(/'s$/, '');
}

function findEnvironments(
  tokens: readonly Token[],
  isEnvironment: (word: string) => boolean,
  namespace: Place | undefined,
): Place[] {
  const found: Place[] = [];
  for (const [index, token] of tokens.entries()) {
    if (namespace && index >= namespace.from && index < namespace.to) continue;
    const place = environmentAt(tokens, index, token, isEnvironment);
    if (place) found.push(place);
  }
  return found;
}

function environmentAt(
  tokens: readonly Token[],
  index: number,
  token: Token,
  isEnvironment: (word: string) => boolean,
): Place | undefined {
  if (!isName(token)) return undefined;
  let from = articles.has(tokens[index - 1]?.word ?? '') ? index - 1 : index;
  const cue = prepositions.has(tokens[from - 1]?.word ?? '');
  const next = tokens[index + 1]?.word ?? '';
  const around = surroundings.has(next);
  const key = /^(?:env|environment|cluster|--context|--kube-context|context|--env|--environment)$/;
  const keyed =
    key.test(tokens[index - 1]?.word ?? '') ||
    (/^[:=]$/.test(tokens[index - 1]?.raw ?? '') && key.test(tokens[index - 2]?.word ?? ''));
  const likelihood = isEnvironment(token.word) ? 'alone' : environmentLikelihood(token.word);
  if (
    /^(?:workspace|namespace|ns|branch|folder|directory|stack|repo|release|tag|container|image)$/.test(next)
  )
    return undefined;
  if (
    /^(?:namespace|ns|-n|workspace|branch|called|named|--ref|--base|--head|release|chart)$/.test(
      tokens[index - 1]?.word ?? '',
    )
  )
    return undefined;
  const aside = standsAside(tokens, index);
  const certain = likelihood === 'alone' || (likelihood === 'with-cue' && (cue || around || keyed || aside));
  const described =
    likelihood === 'no' && around && cue && token.shape !== 'slash' && !notNames.has(token.word);
  const named =
    likelihood === 'no' &&
    keyed &&
    token.shape !== 'slash' &&
    !notNames.has(token.word) &&
    !prepositions.has(token.word) &&
    (cueBefore(tokens, index) || tokens[index - 1]?.word.startsWith('--') === true);
  if (!certain && !described && !named) return undefined;
  if (keyed) {
    from = /^[:=]$/.test(tokens[index - 1]?.raw ?? '') ? index - 2 : index - 1;
    if (articles.has(tokens[from - 1]?.word ?? '')) from -= 1;
  }
  if (prepositions.has(tokens[from - 1]?.word ?? '')) from -= 1;
  else if (articles.has(tokens[from]?.word ?? '') && !around) from = index;
  return { value: token.value, from, to: index + (around ? 2 : 1) };
}

/** "live: alerts?", "pods in ns shop, live please": by itself between marks, at the beginning or the end. */
function standsAside(tokens: readonly Token[], index: number): boolean {
  const next = tokens[index + 1];
  const before = tokens[index - 1];
  const last =
    next === undefined || next.shape === 'mark' || /^(?:please|pls|plz|thanks|thx)$/.test(next.word);
  return (before === undefined && next?.raw === ':') || (before?.raw === ',' && last);
}

function cueBefore(tokens: readonly Token[], index: number): boolean {
  const start = /^[:=]$/.test(tokens[index - 1]?.raw ?? '') ? index - 2 : index - 1;
  const before = tokens[start - 1];
  return (
    before === undefined || before.raw === ',' || prepositions.has(before.word) || articles.has(before.word)
  );
}

function isName(token: Token): boolean {
  return (
    !prepositions.has(token.word) &&
    (token.shape === 'word' ||
      token.shape === 'id' ||
      token.shape === 'quote' ||
      token.shape === 'hex' ||
      token.shape === 'file') &&
    !/\s/.test(token.value) &&
    !articles.has(token.word)
  );
}
