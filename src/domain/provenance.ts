import type { DraftStep } from './draft.ts';
import { type EnvironmentView, findEnvironment } from './environment.ts';
import type { Json } from './json.ts';
import { findReferences } from './references.ts';

/** A value in a proposed write that none of its authors has said. */
export type Unsaid = { step: string; field: string; value: string };

/**
 * The words in proposed writes that come from elsewhere than the authors' own: from output of tools, or from the model.
 * Names, images, addresses and code are words; numbers are not, since what they come to is shown in the preview.
 */
export function unsaidIn(
  writes: readonly DraftStep[],
  words: readonly string[],
  environments: readonly EnvironmentView[],
): Unsaid[] {
  const said = words.map((text) => ` ${folded(text)} `).join(' ');
  const isSaid = (field: string, value: string): boolean => {
    if (field === 'kind' || said.includes(` ${folded(value)} `)) return true;
    if (field !== 'environment') return false;
    const meant = findEnvironment(environments, value);
    return (
      meant !== undefined && [meant.name, ...meant.aliases].some((name) => said.includes(` ${folded(name)} `))
    );
  };
  return writes.flatMap(({ key, request }) =>
    stringsIn(request).flatMap(({ field, value }) =>
      value.trim() === '' || isSaid(field, value) ? [] : [{ step: key, field, value }],
    ),
  );
}

/** Letters, digits and what names are made of; everything else parts words. A name in a longer name is not that name. */
function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}._:/@=+-]+/gu, ' ')
    .replace(/(?<=\s|^)[./:@=+-]+|[./:,=+-]+(?=\s|$)/g, '')
    .replace(/(?<=\s|^)(?:deploy|deployment|deployments|svc|pod|po|sts|ds)\//g, '')
    .trim();
}

/** Every text in a request; a value that another step's result gives is one that nobody has said. */
function stringsIn(value: Json, field = ''): { field: string; value: string }[] {
  if (typeof value === 'string') return [{ field, value }];
  if (typeof value !== 'object' || value === null) return [];
  const [reference] = '$from' in value ? findReferences({ field: value }).references : [];
  if (reference) return [{ field, value: `what ${reference.from} finds` }];
  return Object.entries(value).flatMap(([key, inner]) =>
    stringsIn(inner as Json, Array.isArray(value) ? field : key),
  );
}
