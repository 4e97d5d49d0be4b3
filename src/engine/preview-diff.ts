import { diffJson, structuredPatch } from 'diff';
import type { DiffLine } from '../domain/chat.ts';
import type { Json } from '../domain/json.ts';
import type { Preview } from '../domain/operation.ts';

type Texts = { [path: string]: string | null };

/** What differs before and after, line by line: of files by their text, of everything else as JSON. */
export function previewDiff({ before, after }: Pick<Preview, 'before' | 'after'>): DiffLine[] {
  const [old, wanted] = [textsOf(before), textsOf(after)];
  const files = old !== undefined && wanted !== undefined && [old, wanted].some(hasLines);
  return files ? diffOfTexts(old, wanted) : diffOfJson(before, after);
}

function diffOfTexts(before: Texts, after: Texts): DiffLine[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return paths.flatMap((path): DiffLine[] => {
    const [old, wanted] = [before[path] ?? '', after[path] ?? ''];
    const { hunks } = structuredPatch(path, path, old, wanted, '', '', { context: 3 });
    const lines = hunks.flatMap(({ lines }, at) => [...(at > 0 ? [' …'] : []), ...lines]);
    const shown = lines.filter((line) => !line.startsWith('\\'));
    return [{ sign: ' ', text: path }, ...shown.map(lineOf)];
  });
}

function lineOf(line: string): DiffLine {
  const sign = line.startsWith('+') ? '+' : line.startsWith('-') ? '-' : ' ';
  return { sign, text: line.slice(1) };
}

function diffOfJson(before: Json, after: Json): DiffLine[] {
  return diffJson((before ?? {}) as object, (after ?? {}) as object).flatMap((part) => {
    const sign = part.added ? '+' : part.removed ? '-' : ' ';
    return part.value
      .replace(/\n$/, '')
      .split('\n')
      .map((text) => ({ sign, text }) as const);
  });
}

/** Texts by path; undefined for what is something else. */
function textsOf(side: Json): Texts | undefined {
  if (side === null) return {};
  if (typeof side !== 'object' || Array.isArray(side)) return undefined;
  return Object.values(side).every((each) => each === null || typeof each === 'string')
    ? (side as Texts)
    : undefined;
}

function hasLines(texts: Texts): boolean {
  return Object.values(texts).some((text) => text?.includes('\n'));
}
