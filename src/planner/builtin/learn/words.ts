import { kindOf, unixCommands } from '../text/lexicon.ts';
import { createSpeller } from '../text/spelling.ts';
import type { Token } from '../text/tokens.ts';

/** What one token is to the models: `main` is a stem or a shape, `coarse` the same with kinds made equal. */
export type Reading = { main: string; coarse: string; known: boolean };

/** The words learnt from examples; reads tokens by them, misspelt ones too. */
export type Vocabulary = { read(token: Token): Reading; knows(word: string): boolean };

/** `counts` holds how often each word stands outside of parameters. */
export function createVocabulary(counts: ReadonlyMap<string, number>): Vocabulary {
  const spell = createSpeller(counts);
  const stems = new Set([...counts.keys()].map(stem));
  const cache = new Map<string, string | undefined>();
  const lookUp = (word: string): string | undefined => {
    if (counts.has(word)) return word;
    if (kindOf(word) !== undefined) return word;
    if (stems.has(stem(word)) && word.length > 3) return word;
    const joined = word.replaceAll('-', '');
    if (joined !== word && counts.has(joined)) return joined;
    if (cache.has(word)) return cache.get(word);
    const found = word.includes('-') ? spellParts(word) : spell(word);
    if (cache.size < 5000) cache.set(word, found);
    return found;
  };
  const spellParts = (word: string): string | undefined => {
    const parts = word.split('-').map((part) => (counts.has(part) ? part : (spell(part) ?? part)));
    const whole = parts.join('-');
    return counts.has(whole) ? whole : undefined;
  };
  return { knows: (word) => lookUp(word) !== undefined, read: (token) => readToken(token, lookUp) };
}

function readToken(token: Token, lookUp: (word: string) => string | undefined): Reading {
  const unquoted = token.raw === token.value;
  if (token.shape === 'mark') return { main: token.raw, coarse: token.raw, known: true };
  if (
    unquoted &&
    (token.shape === 'word' || token.shape === 'id' || token.shape === 'camel' || token.shape === 'flag')
  ) {
    const word = lookUp(token.word);
    if (word !== undefined) {
      const main = stem(word);
      const kind = kindOf(word);
      const coarse = kind === undefined || kind === 'namespace' || kind === 'node' ? main : '<kind>';
      return { main, coarse, known: true };
    }
    if (unixCommands.has(token.word)) return { main: '<command>', coarse: '<command>', known: false };
  }
  const shape = shapeNames[token.shape] ?? `<${token.shape}>`;
  return { main: shape, coarse: shape, known: false };
}

const shapeNames: { [shape: string]: string } = {
  word: '<x>',
  id: '<x>',
  hex: '<x>',
  'hash-number': '<number>',
  file: '<x>',
  slash: '<slash>',
};

/** A light stem: enough that "scaling", "scaled" and "scales" meet. */
export function stem(word: string): string {
  const plain = word.replace(/'(?:s|re|ve|ll|d|m)?$/, '').replaceAll("'", '');
  if (plain.length < 5)
    return plain.length === 4 && plain.endsWith('s') && !plain.endsWith('ss') ? plain.slice(0, -1) : plain;
  const cut = plain.replace(/(?:ings?|edly|ed|es|s)$/, (ending, at: number) =>
    at < 3 ? ending : ending === 's' && plain[at - 1] === 's' ? ending : '',
  );
  return cut.replace(/([bdgmnprt])\1$/, '$1').replace(/e$/, '');
}
