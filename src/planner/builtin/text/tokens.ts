import { scanExpression } from './expression.ts';
import { duration, kindForm, kindOf, readNumber, timeUnit } from './lexicon.ts';

export type Shape =
  | 'word'
  | 'id'
  | 'number'
  | 'percent'
  | 'times'
  | 'duration'
  | 'version'
  | 'hash-number'
  | 'port'
  | 'url'
  | 'image'
  | 'path'
  | 'slash'
  | 'file'
  | 'flag'
  | 'quote'
  | 'expression'
  | 'plan'
  | 'hex'
  | 'camel'
  | 'address'
  | 'mark';

/** A piece of a message: `value` is the raw text less quotes; `word` is that in lower case. */
export type Token = { raw: string; value: string; word: string; start: number; end: number; shape: Shape };

const quoted = /`+([^`]+)`+|"([^"]+)"|(?<![\w])'([^']+)'(?!\w)/y;
const link = /https?:\/\/[^\s<>"'`]+/iy;
const chunk = /[^\s,;!?()"`[\]{}]+/y;
const keyed =
  /^(ns|namespace|env|environment|cluster|context|replicas|reason|title|min|max|cpu|name|image|tag|revision|release|chart|version|branch|ref|head|base|repo|path|port|lines|tail|since)([:=])(.+)$/i;

/** Splits one cleaned line into tokens with shapes; offsets are into that line. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === ' ') {
      at += 1;
      continue;
    }
    at = takeOne(text, at, tokens);
  }
  return mergeNumbers(text, tokens);
}

function takeOne(text: string, at: number, tokens: Token[]): number {
  quoted.lastIndex = at;
  const quote = quoted.exec(text);
  if (quote) {
    const value = (quote[1] ?? quote[2] ?? quote[3] ?? '').trim();
    tokens.push(token(quote[0], at, quotedShape(value), value));
    return quoted.lastIndex;
  }
  link.lastIndex = at;
  const url = link.exec(text)?.[0].replace(/[.,;:!?)\]}>]+$/, '');
  if (url) {
    tokens.push(token(url, at, 'url'));
    return at + url.length;
  }
  const expression = scanExpression(text, at);
  if (expression > at) {
    tokens.push(token(text.slice(at, expression), at, 'expression'));
    return expression;
  }
  chunk.lastIndex = at;
  const found = chunk.exec(text)?.[0];
  if (found === undefined) {
    tokens.push(token(text.slice(at, at + 1), at, 'mark'));
    return at + 1;
  }
  pushChunk(found, at, tokens);
  return at + found.length;
}

/** What is quoted is never an ordinary word; a single piece keeps its own shape. */
function quotedShape(value: string): Shape {
  if (value !== '' && scanExpression(value, 0) === value.length) return 'expression';
  if (/\s/.test(value) || value === '') return 'quote';
  const shape = shapeOf(value);
  return shape === 'word' || shape === 'mark' || shape === 'camel' ? 'id' : shape;
}

function pushChunk(found: string, at: number, tokens: Token[]): void {
  const body = found.replace(/[.,:'…*~>]+$/, '').replace(/^[*~<(]+(?=\w)/, '');
  const lead = found.indexOf(body);
  if (body === '') {
    tokens.push(token(found, at, 'mark'));
    return;
  }
  const range = /^(\d+)(-|\.\.|\/)(\d+)$/.exec(body);
  const pair = keyed.exec(body) ?? /^([a-z]+)(=)(.+)$/i.exec(body);
  const object = /^([a-z]+)(\/)([^/]+)$/i.exec(body);
  if (range || pair) pushParts(range ?? (pair as RegExpExecArray), at + lead, tokens);
  else if (
    object &&
    isObjectKind(object[1] ?? '') &&
    !/^(?:services|jobs|nodes|pods|deployments|secrets|roles|namespaces|events)$/i.test(object[1] ?? '') &&
    !/\.(ya?ml|json|tf)$/i.test(body)
  )
    pushParts(object, at + lead, tokens);
  else tokens.push(token(body, at + lead, shapeOf(body)));
  const rest = found.slice(lead + body.length);
  if (rest !== '') tokens.push(token(rest, at + lead + body.length, 'mark'));
}

/** "svc/edge" names an object; "services/edge" is rather a path. */
function isObjectKind(word: string): boolean {
  const kind = kindOf(word);
  return kind !== undefined && word.toLowerCase() !== kindForm(kind, 'plural');
}

function pushParts(match: RegExpExecArray, at: number, tokens: Token[]): void {
  const [, left = '', middle = '', right = ''] = match;
  tokens.push(token(left, at, shapeOf(left)));
  tokens.push(token(middle, at + left.length, 'mark'));
  tokens.push(token(right, at + left.length + middle.length, shapeOf(right)));
}

function token(raw: string, start: number, shape: Shape, value = raw): Token {
  return { raw, value, word: value.toLowerCase(), start, end: start + raw.length, shape };
}

const shapes: readonly (readonly [Shape, RegExp])[] = [
  ['number', /^\d+$|^\d{1,3}(?:,\d{3})+$/],
  ['percent', /^\d+(?:\.\d+)?%$/],
  ['times', /^\d+(?:\.\d+)?x$|^x\d+$/i],
  ['duration', duration],
  ['hash-number', /^#\d+$/],
  ['address', /^\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?$/],
  ['version', /^v?\d+(?:\.\d+)+(?:[-+.]?[a-z][\w.+-]*|[-+][\w.+-]+)?$|^v\d+(?:[-.][\w.]+)?$/i],
  ['port', /^\d+:\d+(?:\/(?:tcp|udp))?$/],
  ['flag', /^--?[a-z][\w-]*$/i],
  [
    'image',
    /^[a-z0-9][\w./-]*(?::\d+\/[\w./-]+)?(?::[\w][\w.-]*|@sha256:[a-f0-9]+)$|^[\w-]+\.[\w.-]+\/[\w./-]+$/i,
  ],
  ['path', /^(?:\.{1,2}|~)?\/\S*$|^\S+\/$|^[^/]+\/\S+\.(?:ya?ml|json|tf|tfvars)$|^[^/]+\/[^/]+\/\S+$|^\.$/i],
  ['slash', /^[\w.@-]+\/[\w.@-]+(?:#\d+)?$/],
  ['file', /^[\w.-]+\.(?:ya?ml|json|tf|sh)$/i],
  ['plan', /^(?:p|plan|pl)[-_](?=[a-z]*\d)[0-9a-z]{2,}$/i],
  ['hex', /^(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{4,}$|^[0-9A-HJKMNP-TV-Z]{26}$/i],
  ['camel', /^[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+$|^[A-Z]+[a-z]+[A-Z]\w*$/],
  ['word', /^[\p{L}']+(?:n't)?$/u],
  ['id', /^[\p{L}\p{N}_@$][\p{L}\p{N}._@$:+-]*$/u],
];

function shapeOf(text: string): Shape {
  if (text.length < 40 && !/[.#]/.test(text) && readNumber(text) !== undefined) return 'number';
  return shapes.find(([, pattern]) => pattern.test(text))?.[0] ?? 'mark';
}

/** "20 minutes" is one duration, "two hundred" and "twenty five" one number, "config map" one kind. */
function mergeNumbers(text: string, tokens: readonly Token[]): Token[] {
  const merged: Token[] = [];
  for (const next of tokens) {
    const last = merged.at(-1);
    const joined = last && joinShape(last, next);
    if (last && joined) {
      const raw = text.slice(last.start, next.end);
      merged[merged.length - 1] = token(raw, last.start, joined);
    } else merged.push(next);
  }
  return merged;
}

function joinShape(left: Token, right: Token): Shape | undefined {
  if (left.shape === 'number' && timeUnit.test(right.word) && right.shape === 'word') return 'duration';
  if (left.word === 'an' && /^(hour|hr)$/.test(right.word)) return 'duration';
  if (left.word === 'half' && /^(an hour|hour|day)$/.test(right.word)) return 'duration';
  if (left.shape === 'number' && right.shape === 'number' && !/\d/.test(left.raw + right.raw))
    return 'number';
  if (left.shape === 'number' && /^(percent|pct|%)$/.test(right.word)) return 'percent';
  if (left.shape === 'number' && right.word === 'times') return 'times';
  if (
    left.shape === 'word' &&
    right.shape === 'word' &&
    kindOf(left.word + right.word) !== undefined &&
    kindOf(left.word) === undefined
  )
    return right.word.length > 2 && left.word.length > 2 ? 'word' : undefined;
  return undefined;
}
