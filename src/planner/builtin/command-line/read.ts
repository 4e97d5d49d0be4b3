import { kindForm, kindOf } from '../text/lexicon.ts';
import type { Message } from '../text/message.ts';
import { type Arguments, readArguments, splitArguments } from './argv.ts';
import { type CommandRule, type Program, programs } from './rules.ts';

/**
 * A literal command line: `values` are fields as typed. `whole` is false where words are left that are no part of the
 * command ("terraform plan in infra/network"): then only the intent is certain.
 */
export type CommandLine = { intent: string; values: { [field: string]: string }; whole: boolean };

const lead =
  /^(?:(?:(?:please|pls|plz|can you|could you|would you|hey|hi|just|now|go|ahead|and|ok|okay|run|execute|exec|do|try|issue|a|the|command|this)\b(?![-.\w/])|[:,$>])[\s,:]*)*(?=\S)/i;
const natural = new Set(
  'in for of the from on to with at and that which is are was has have my our please into off against using via'.split(
    ' ',
  ),
);

/** Reads `kubectl …`, `docker …`, `helm …`, `terraform …` and `gh …`; undefined for everything else. */
export function readCommandLine(message: Message): CommandLine | undefined {
  const line = literalPart(message);
  if (/[|;&<>]|\$\(|^$/.test(line.replace(/(["']).*?\1/g, ''))) return undefined;
  const lower = line.toLowerCase();
  for (const program of programs)
    for (const name of program.names)
      if (lower.startsWith(`${name} `)) return readWords(program, line.slice(name.length + 1));
  return undefined;
}

/** The message without politeness, a place that is said in words, and a remark after a comma. */
function literalPart({ text, tokens, places, small }: Message): string {
  const unwrapped = /^[^`]*?`([^`]+)`[^`]*$/.exec(text);
  const inside = unwrapped?.[1]?.trim() ?? '';
  if (programs.some(({ names }) => names.some((name) => inside.toLowerCase().startsWith(`${name} `))))
    return inside;
  const place = places.environment;
  const worded =
    place && /^(in|on|to|for|at|from|against|,)$/.test(tokens[place.from]?.raw.toLowerCase() ?? '');
  let line = '';
  let last = 0;
  for (const [index, token] of tokens.entries()) {
    const folder = token.raw === '.' && text[token.start - 1] === ' ';
    const dropped = (small.has(index) && !folder) || (worded && index >= place.from && index < place.to);
    if (dropped) line += text.slice(last, token.start);
    else line += text.slice(last, token.end);
    last = token.end;
  }
  const plain = line.replace(/\s+/g, ' ').trim().replace(lead, '');
  return plain
    .replace(/,\s.*$/s, '')
    .replace(
      /(?:\s-\s.*|[\s?!.,;:]+)$/s, // "docker build .": by itself it is the folder, and no end of a sentence.
      (end) => (/^\s\.$/.test(end) ? end : ''),
    )
    .trim();
}

function readWords(program: Program, line: string): CommandLine | undefined {
  const words = splitArguments(line);
  if (words === undefined) return undefined;
  const shared = new Set([...Object.keys(program.flags), ...program.ignored]);
  const first = readArguments(words, shared).positionals;
  const rule = program.rules.find(
    ({ words: wanted, given }) =>
      wanted.split(' ').every((word, index) => first[index]?.toLowerCase() === word) &&
      (given === undefined || words.includes(given)),
  );
  if (!rule) return undefined;
  const valued = new Set([...shared, ...Object.keys(rule.flags ?? {})]);
  const given = readArguments(afterCommand(words, rule, valued), valued);
  return fill(program, rule, given);
}

/** The words without those that name the command; what stands between them (flags) is kept. */
function afterCommand(words: readonly string[], rule: CommandRule, valued: ReadonlySet<string>): string[] {
  const wanted = rule.words.split(' ');
  const left: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    if (wanted.length > 0 && word.toLowerCase() === wanted[0]) wanted.shift();
    else {
      left.push(word);
      if (valued.has(word) && at + 1 < words.length) left.push(words[++at] as string);
    }
  }
  return left;
}

function fill(program: Program, rule: CommandRule, { positionals, flags }: Arguments): CommandLine {
  const values: { [field: string]: string } = {};
  for (const [flag, value] of flags) {
    const fixed = rule.set?.[flag];
    const field = rule.flags?.[flag] ?? program.flags[flag];
    if (fixed) values[fixed[0]] = fixed[1];
    else if (field === 'object' && value !== true) values.name = value.replace(/^[^/]*\//, '');
    else if (field === 'values' && value !== true)
      values.values = values.values === undefined ? value : `${values.values},${value}`;
    else if (field !== undefined && field !== 'ignored' && value !== true) values[field] = value;
  }
  const rest = [...positionals];
  let intent = rule.intent;
  for (const position of rule.positionals) {
    if (position === 'rest…') rest.length = 0;
    else if (position === 'object') intent = takeObject(rest, values, intent);
    else {
      const value = rest.shift();
      if (value !== undefined) values[position] = value;
    }
  }
  tidy(values, rule);
  const whole = rest.length === 0 && !positionals.some((word) => natural.has(word.toLowerCase()));
  return { intent, values, whole };
}

/** Short forms that are too common as words to be read as kinds outside of a command line. */
const shortKinds: { readonly [word: string]: string } = {
  no: 'node',
  ing: 'ingress',
  ep: 'endpoint',
  sa: 'serviceaccount',
  ev: 'event',
  sc: 'storageclass',
  all: 'all',
};

function longKind(word: string): string {
  return shortKinds[word.toLowerCase()] ?? word;
}

const withKind = new Set(['kubernetes.list', 'kubernetes.describe', 'kubernetes.delete']);

function takeObject(rest: string[], values: { [field: string]: string }, intent: string): string {
  const first = rest.shift();
  if (first === undefined) return intent;
  const [kind, name] = first.includes('/') ? first.split(/\/(.*)/s) : [first, undefined];
  if (!withKind.has(intent)) {
    const next = name ?? (kindOf(longKind(first)) !== undefined ? (rest.shift() ?? first) : first);
    values.name = next;
    return intent;
  }
  const named = name ?? rest.shift();
  const known = longKind(kind ?? '');
  if (named === undefined)
    values.kind = kindForm(known, intent === 'kubernetes.list' ? 'plural' : 'singular');
  else {
    if (natural.has(named.toLowerCase())) rest.unshift(named);
    values.kind = kindForm(known, 'singular');
    values.name = named;
  }
  return named !== undefined && intent === 'kubernetes.list' ? 'kubernetes.describe' : intent;
}

function tidy(values: { [field: string]: string }, rule: CommandRule): void {
  if (rule.intent === 'kubernetes.set_image' && values.image !== undefined)
    values.image = values.image.replace(/^[\w.-]+=(?=\S)/, '');
  if (rule.intent === 'kubernetes.top' && values.kind !== undefined)
    values.kind = kindForm(longKind(values.kind), 'plural');
  if (rule.intent === 'docker.build' && values.path === '.') return;
  const charted = rule.intent === 'helm.install' || rule.intent === 'helm.template';
  if (charted && values.chart === undefined && values.release !== undefined) {
    values.chart = values.release;
    delete values.release;
  }
}
