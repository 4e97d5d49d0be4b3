import { z } from 'zod';

/** One value of a chart: where it goes, as `image.tag` or `hosts[0].name`, and what it becomes (null takes it out). */
export const setValue = z.strictObject({
  path: z
    .string()
    .max(200)
    .regex(/^[A-Za-z0-9_][\w-]*(\[\d{1,3}\])?(\.[A-Za-z0-9_][\w-]*(\[\d{1,3}\])?)*$/),
  value: z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]),
});
export type SetValue = z.infer<typeof setValue>;

type Read = { kind: 'values'; values: SetValue[] } | { kind: 'impossible'; reason: string };

const mostValues = 20;
const pair = /([\w.[\]-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s,"']+)(?:[\s,;]+(?:and\s+)?|$)/gy;

/**
 * Reads changes of values as helm's --set takes them: `image.tag=1.4.3, replicas=3`. Whole numbers, true, false and null
 * are what they say, everything in quotes is text. Secrets are refused.
 */
export function readValues(text: string): Read {
  const values: SetValue[] = [];
  const rest = text.trim();
  let read = 0;
  for (const [all, path = '', said = ''] of rest.matchAll(pair)) {
    const parsed = setValue.safeParse({ path, value: typed(said) });
    if (!parsed.success) return impossible(`"${path}" is no path of a value, as in image.tag.`);
    if (values.some((each) => each.path === path)) return impossible(`${path} is said twice.`);
    values.push(parsed.data);
    read += all.length;
  }
  if (values.length === 0 || read < rest.length) {
    const how =
      'Values are written path=value, as in image.tag=1.4.3, with quotes around spaces; files of values are not read';
    return impossible(`"${rest.slice(read, read + 60)}" cannot be read. ${how}.`);
  }
  if (values.length > mostValues) return impossible(`At most ${mostValues} values are changed at once.`);
  const secret = values.find(isSecret);
  if (secret === undefined) return { kind: 'values', values };
  const how =
    'helm would keep it readable in the release. Put it into a Secret ("set key K of secret S to vault:NAME") that the chart names';
  return impossible(`${secret.path} looks like a secret. ${how}.`);
}

/** The arguments that make helm take the values; what the release has besides stays. */
export function valueArguments(values: readonly SetValue[], verb: 'install' | 'upgrade'): string[] {
  if (values.length === 0) return [];
  const set = values.flatMap(({ path, value }) => ['--set-json', `${path}=${JSON.stringify(value)}`]);
  return verb === 'upgrade' ? ['--reset-then-reuse-values', ...set] : set;
}

/** " with image.tag=1.4.3 and replicas=3", or nothing. */
export function valuesInWords(values: readonly SetValue[]): string {
  return values.length === 0
    ? ''
    : ` with ${values.map(({ path, value }) => `${path}=${value}`).join(' and ')}`;
}

/** The same for a shell, with a leading space. */
export function valuesByHand(values: readonly SetValue[], verb: 'install' | 'upgrade'): string {
  const keeps = values.length > 0 && verb === 'upgrade' ? ' --reset-then-reuse-values' : '';
  const set = values.map(({ path, value }) => {
    const word = `${path}=${JSON.stringify(value)}`.replaceAll("'", "'\\''");
    return ` --set-json '${word}'`;
  });
  return keeps + set.join('');
}

function typed(said: string): SetValue['value'] {
  if (/^["']/.test(said)) return said.slice(1, -1);
  if (said === 'true' || said === 'false') return said === 'true';
  if (said === 'null') return null;
  return /^-?(0|[1-9]\d{0,14})$/.test(said) ? Number(said) : said;
}

const secretName =
  /(password|passwd|passphrase|secret|token|api[-_]?key|private[-_]?key|access[-_]?key|credentials?)$/i;
/** What names a Secret holds none. */
const reference = /(existing|from)[-_]?secret$|secret[-_]?(name|ref|key)$/i;
const secretText =
  /^((vault|found):|gh[pousr]_|github_pat_|glpat-|xox[abpr]-|AKIA[A-Z0-9]{12}|eyJ[\w-]+\.|-----BEGIN)/;

function isSecret({ path, value }: SetValue): boolean {
  if (typeof value === 'string' && secretText.test(value)) return true;
  const name =
    path
      .split('.')
      .at(-1)
      ?.replace(/\[\d+\]$/, '') ?? '';
  return secretName.test(name) && !reference.test(name) && typeof value !== 'boolean' && value !== null;
}

function impossible(reason: string): Read {
  return { kind: 'impossible', reason };
}
