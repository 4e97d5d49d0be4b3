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
    const joined = word.startsWith('re-') ? word.replace('-', '') : word;
    if (counts.has(joined)) return joined;
    if (kindOf(word) !== undefined) return word;
    if (stems.has(stem(word)) && word.length > 3) return word;
    const solid = word.replaceAll('-', '');
    if (solid !== word && counts.has(solid)) return solid;
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
      const coarse =
        kind === undefined || kind === 'namespace' || kind === 'node' || kind === 'event' ? main : '<kind>';
      return { main, coarse, known: true };
    }
    const group = groupOf.get(stem(token.word));
    if (group !== undefined && token.shape === 'word')
      return { main: stem(token.word), coarse: stem(token.word), known: true };
    const last = /^[a-z]+-([a-z]+)$/.exec(token.word)?.[1];
    if (token.start === 0 && last !== undefined && groupOf.has(stem(last)))
      return { main: stem(last), coarse: stem(last), known: true };
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

const groups: readonly string[] = [
  'delete remove drop nuke purge wipe erase trash rm kill destroy discard ditch uninstall scrap axe bin dump',
  'show list display print get fetch give gimme see view pull look dump enumerate ls output find',
  'start run launch spin fire boot kick trigger begin execute exec invoke dispatch',
  'stop halt shut kill end terminate abort cancel pause interrupt quit',
  'restart bounce cycle reboot recycle kick relaunch refresh',
  'raise increase bump grow expand boost up',
  'decrease reduce lower shrink cut drop down dial',
  'create make add provision new need set build open raise establish',
  'double triple quadruple halve twice half multiply treble',
  'silence mute snooze quiet suppress shush hush',
  'broken stuck hanging hung slow failing crashing bad wedged borked flaky dead misbehaving unresponsive frozen unhappy hangs crashed sluggish',
  'why investigate debug diagnose troubleshoot figure cause track analyze analyse determine identify',
  'done finished complete completed through over ready',
  'revert rollback undo back restore reverse backtrack',
  'deploy ship release roll push promote put move switch update upgrade change swap',
  'scan vulnerability vulnerable cve cves vuln vulns vulnerabilities security insecure',
  'healthy up alive reachable ok okay fine down responding answering answer respond online offline',
  'cpu memory ram resources resource usage utilization consumption load mem',
  'approve approved lgtm accept confirm ok agree agreed approval',
  'reject deny decline refuse veto disapprove rejected denied',
  'log logs logging logged output stdout',
  'migrate convert move transition port replace',
  'everything all every everywhere each whole',
];

const groupOf = new Map<string, string>();
for (const [index, words] of groups.entries())
  for (const word of words.split(' '))
    if (!groupOf.has(stem(word))) groupOf.set(stem(word), `group ${index}`);

/** A number for words of like meaning in operations work ("drop", "nuke", "purge"), by stem; undefined for others. */
export function meaningGroup(stemmed: string): string | undefined {
  return groupOf.get(stemmed);
}

const technicalWords = new Set(
  'container imag docker compos helm chart terraform tf repo repositori workflow pipelin ci cluster replica rollout alert promql prometheu namespac node github pr plan workspac drift releas hpa autoscal cordon drain shell command server tls certificat'.split(
    ' ',
  ),
);

/** Whether a stem is a word of the trade, which small talk hardly has. */
export function isTechnical(stemmed: string): boolean {
  return technicalWords.has(stemmed) || stemmed === '<kind>';
}
