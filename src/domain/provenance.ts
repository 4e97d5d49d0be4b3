import type { DraftStep } from './draft.ts';
import { type EnvironmentView, findEnvironment } from './environment.ts';
import type { Json } from './json.ts';
import { findReferences } from './references.ts';

/** A value in a proposal that none of its authors has said. */
export type Unsaid = { step: string; field: string; value: string };

/** Steps whose words are looked at, and which operations run code. */
export type Proposed = {
  steps: readonly DraftStep[];
  runsCode: (operation: string) => boolean;
};

/**
 * The words in a proposal that come from elsewhere than its authors' own: from output of tools, or from the model. A
 * name counts as said where it stands as a word of its own; everything else (code, images, addresses) only as it
 * stands, to the letter. Code is never taken from a sentence: only from quotes. Numbers are not looked at; what they come
 * to is shown in the preview.
 */
export function unsaidIn(
  { steps, runsCode }: Proposed,
  words: readonly string[],
  environments: readonly EnvironmentView[],
): Unsaid[] {
  const spoken = { names: new Set(words.flatMap(namesIn)), texts: words.map(spaced) };
  return steps.flatMap(({ key, operation, request }) => {
    const said = runsCode(operation)
      ? (value: string) => isQuoted(spoken.texts, value)
      : (value: string, field: string) => isSaid(spoken, field, value, environments);
    return textsIn(request).flatMap(({ field, value, reference }) =>
      !reference && (value.trim() === '' || said(value, field)) ? [] : [{ step: key, field, value }],
    );
  });
}

/** Whether somebody has said exactly this, between spaces or quotes. */
export function isSpoken(words: readonly string[], value: string): boolean {
  const wanted = spaced(value);
  return words.map(spaced).some((text) => standsIn(text, wanted));
}

type Spoken = { names: ReadonlySet<string>; texts: readonly string[] };

/** Fields that name a place which anybody may own: a bare word there is somebody else's thing of that name. */
const outside = new Set(['image', 'chart', 'url', 'repo']);

function isSaid(
  { names, texts }: Spoken,
  field: string,
  value: string,
  environments: readonly EnvironmentView[],
): boolean {
  if (field === 'kind') return /^[a-z]{1,40}$/i.test(value);
  const wanted = spaced(value);
  if (texts.some((text) => standsIn(text, wanted))) return !outside.has(field) || /[/:]/.test(value);
  if (isName(value) && !outside.has(field) && names.has(folded(value))) return true;
  const meant = field === 'environment' ? findEnvironment(environments, value) : undefined;
  return meant !== undefined && [meant.name, ...meant.aliases].some((name) => names.has(folded(name)));
}

function isQuoted(texts: readonly string[], value: string): boolean {
  const wanted = spaced(value);
  return texts.some((text) => ['`', '"', "'"].some((mark) => text.includes(`${mark}${wanted}${mark}`)));
}

/** In the text as it is, with nothing before or behind that would make it a part of something longer. */
function standsIn(text: string, wanted: string): boolean {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const before = text.slice(0, at);
    const behind = text.slice(at + wanted.length);
    if (/(?:^|[\s"'`(<])$/.test(before) && /^(?:$|["'`)>]|[,.;!?]*(?:\s|$))/.test(behind)) return true;
  }
  return false;
}

function isName(value: string): boolean {
  return /^[\p{L}\p{N}](?:[\p{L}\p{N}._-]*[\p{L}\p{N}])?$/u.test(value);
}

/** Words that may be names, each for itself: of `deploy/checkout` both parts. */
function namesIn(text: string): string[] {
  const parts = text.normalize('NFKC').split(/[^\p{L}\p{N}._-]+/u);
  return parts.map((part) => folded(part.replace(/^[._-]+|[._-]+$/g, ''))).filter((part) => part !== '');
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

function spaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

type Text = { field: string; value: string; reference?: true };

/** Every text in a request, keys of inner objects among them; what another step finds is a text nobody has said. */
function textsIn(value: Json, field = '', inner = false): Text[] {
  if (typeof value === 'string') return [{ field, value }];
  if (typeof value !== 'object' || value === null) return [];
  if (Object.hasOwn(value, '$from')) {
    const [reference] = findReferences({ field: value }).references;
    return [{ field, value: `what ${reference?.from ?? 'another step'} finds`, reference: true }];
  }
  return Object.entries(value).flatMap(([key, each]) => {
    const list = Array.isArray(value);
    const own = inner && !list ? [{ field: `${field} key`, value: key }] : [];
    return [...own, ...textsIn(each as Json, list || inner ? `${field}` : key, true)];
  });
}
