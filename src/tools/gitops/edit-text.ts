import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  Scalar,
  type ToStringOptions,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, type Json } from '../../domain/json.ts';
import { type Edit, type Place, placeInWords } from './edits.ts';
import { documentsOf, written } from './yaml-text.ts';

/**
 * A YAML text with the edits made in one of its documents. Where values alone change, every other character stays as it
 * is; else that document is written anew, with its comments and its way of indenting.
 * @throws FaultError `unsupported` for what stands behind an alias, or for an item that the list does not hold.
 */
export function editText(text: string, at: number, edits: readonly Edit[]): string {
  const changed = documentsOf(text);
  for (const edit of edits) make(documentAt(changed, at), edit);
  const wanted = plain(documentAt(changed, at));
  const documents = documentsOf(text);
  const spliced = spliceValues(text, documentAt(documents, at), edits);
  if (spliced !== undefined && reads(spliced, at, wanted)) return spliced;
  const [start, end] = spanOf(documents, at);
  const tail = /\n*$/.exec(text.slice(start, end))?.[0] ?? '';
  const anew = documentAt(changed, at).toString(styleOf(text)).replace(/\n*$/, tail);
  const whole = text.slice(0, start) + anew + text.slice(end);
  if (reads(whole, at, wanted)) return whole;
  throw new FaultError(
    'unsupported',
    'The file cannot be changed without changing more of it than was asked.',
  );
}

/** A YAML text without one of its documents; undefined when none is left. */
export function withoutDocument(text: string, at: number): string | undefined {
  const documents = documentsOf(text);
  const others = documents.filter(({ contents }, index) => index !== at && contents !== null);
  if (others.length === 0) return undefined;
  const [start, end] = spanOf(documents, at);
  return text.slice(0, start) + text.slice(end);
}

/** Where a document stands in the text, with the comment before it. */
function spanOf(documents: readonly Document[], at: number): [number, number] {
  return [at === 0 ? 0 : documentAt(documents, at - 1).range[2], documentAt(documents, at).range[2]];
}

function documentAt(documents: readonly Document[], at: number) {
  const document = documents[at];
  if (document === undefined) throw new FaultError('internal', 'The file has no such document.');
  return document as Document & { range: [number, number, number] };
}

function reads(text: string, at: number, wanted: string): boolean {
  const document = documentsOf(text)[at];
  return document !== undefined && document.errors.length === 0 && plain(document) === wanted;
}

function plain(document: Document): string {
  return canonicalJson(document.toJS() as Json);
}

/** The text with other values in place of those that stand there; undefined where an edit is more than that. */
function spliceValues(text: string, document: Document, edits: readonly Edit[]): string | undefined {
  const pieces: { start: number; end: number; text: string }[] = [];
  for (const { place, to } of edits) {
    const node = nodeAt(document, place);
    const value = isScalar(node) && !node.anchor ? asWritten(node, to) : undefined;
    if (node?.range == null || value === undefined) return undefined;
    pieces.push({ start: node.range[0], end: node.range[1], text: value });
  }
  return pieces
    .sort((a, b) => b.start - a.start)
    .reduce((rest, piece) => rest.slice(0, piece.start) + piece.text + rest.slice(piece.end), text);
}

/** A value on one line, quoted as the one before it. */
function asWritten(node: Scalar, to: Json | undefined): string | undefined {
  if (to === undefined || (typeof to === 'object' && to !== null) || !node.source) return undefined;
  if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') return undefined;
  const next = new Scalar(to);
  if (typeof to === 'string' && node.type !== undefined) next.type = node.type;
  const line = written(next).replace(/\n$/, '');
  return line.includes('\n') ? undefined : line;
}

function nodeAt(document: Document, place: Place): Node | undefined {
  let node = document.contents as Node | null | undefined;
  for (const step of place) node = childOf(node, step);
  return node ?? undefined;
}

function childOf(node: Node | null | undefined, step: Place[number]): Node | undefined {
  if (typeof step === 'string') return isMap(node) ? (node.get(step, true) as Node | undefined) : undefined;
  return isSeq(node) ? (itemOf(node, step.item) as Node | undefined) : undefined;
}

function itemOf(list: YAMLSeq, name: string): unknown {
  return list.items.find((item) => isMap(item) && item.get('name') === name);
}

/** Makes one edit in the tree. What leads to it is made where it is missing. */
function make(document: Document, { place, to }: Edit): void {
  let node = document.contents as Node;
  for (const [index, step] of place.slice(0, -1).entries()) {
    let child = childOf(node, step);
    refuseAlias(child, place);
    const empty = child === undefined || (isScalar(child) && child.value === null);
    if (empty && to === undefined) return;
    if (empty && (typeof step !== 'string' || !isMap(node))) throw notHeld(place);
    if (empty) {
      child = document.createNode(typeof place[index + 1] === 'string' ? {} : []);
      (node as YAMLMap).set(step, child);
    }
    node = child as Node;
  }
  const last = place.at(-1) ?? '';
  refuseAlias(childOf(node, last), place);
  if (typeof last === 'string') setField(document, node, last, { place, to });
  else setItem(document, node, last.item, { place, to });
}

function setField(document: Document, node: Node, field: string, { place, to }: Edit): void {
  if (!isMap(node)) throw notHeld(place);
  const present = node.get(field, true);
  if (to === undefined) node.delete(field);
  else if (isScalar(present) && (to === null || typeof to !== 'object')) present.value = to;
  else node.set(field, document.createNode(to));
}

function setItem(document: Document, node: Node, name: string, { place, to }: Edit): void {
  if (!isSeq(node)) throw notHeld(place);
  const at = node.items.indexOf(itemOf(node, name));
  if (to === undefined && at >= 0) node.items.splice(at, 1);
  else if (to !== undefined && at >= 0) node.items[at] = document.createNode(to);
  else if (to !== undefined) node.items.push(document.createNode(to));
}

function refuseAlias(node: Node | undefined, place: Place): void {
  if (!isAlias(node) && !(isScalar(node) && node.anchor)) return;
  const why = `${placeInWords(place)} is shared with other places of the file by an alias`;
  throw new FaultError('unsupported', `${why}. Change it by hand.`);
}

function notHeld(place: Place): FaultError {
  return new FaultError(
    'unsupported',
    `The file does not hold ${placeInWords(place)}, so it is not changed there.`,
  );
}

/** How the text is written, as far as that shows. */
function styleOf(text: string): ToStringOptions {
  const indents = [...text.matchAll(/^( +)[^\s#-]/gm)].map(([, spaces = '']) => spaces.length);
  return {
    lineWidth: 0,
    indent: Math.min(...indents.filter((length) => length > 1), 8) === 4 ? 4 : 2,
    indentSeq: !/^( *)[^\s#-][^\n]*:[ \t]*(#[^\n]*)?\n\1- /m.test(text),
    flowCollectionPadding: !/\{[^\s}]/.test(text),
  };
}
