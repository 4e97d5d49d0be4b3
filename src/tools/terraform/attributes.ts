import { canonicalJson } from '../../domain/json.ts';

/** One attribute that changes, with values as people may see them. */
export type Attribute = { name: string; before: string; after: string };

type Values = {
  before: unknown;
  after: unknown;
  after_unknown?: unknown;
  before_sensitive?: unknown;
  after_sensitive?: unknown;
};

const mostAttributes = 30;
const longestValue = 80;

/** The top attributes that differ. What is sensitive, in whole or in part, is masked; what is unset is empty. */
export function attributesOf(change: Values): Attribute[] {
  const before = fieldsOf(change.before);
  const after = fieldsOf(change.after);
  const unknown = fieldsOf(change.after_unknown);
  const names = new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(unknown)]);
  const attributes = [...names].sort().flatMap((name): Attribute[] => {
    const comes = holdsTrue(unknown[name]);
    if (!comes && same(before[name], after[name])) return [];
    if (comes && change.after === null) return [];
    const hidden = (sensitive: unknown) => sensitive === true || holdsTrue(fieldsOf(sensitive)[name]);
    const old = hidden(change.before_sensitive) ? masked(before[name]) : shown(before[name]);
    const known = hidden(change.after_sensitive) ? masked(after[name] ?? comes) : shown(after[name]);
    const next = comes && !hidden(change.after_sensitive) ? '(known after apply)' : known;
    return [{ name, before: old, after: next }];
  });
  return attributes.slice(0, mostAttributes);
}

/** A value as people may see it: on one line, and not too long. */
export function shown(value: unknown, longest = longestValue): string {
  if (value === undefined || value === null) return '';
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/\s+/g, ' ');
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function masked(value: unknown): string {
  return value === undefined || value === null || value === false ? '' : '(sensitive)';
}

function fieldsOf(value: unknown): { [name: string]: unknown } {
  return typeof value === 'object' && value !== null ? (value as { [name: string]: unknown }) : {};
}

/** Marks come as `true`, or as trees with a `true` for each part that is marked. */
function holdsTrue(mark: unknown): boolean {
  if (mark === true) return true;
  return typeof mark === 'object' && mark !== null && Object.values(mark).some(holdsTrue);
}

function same(a: unknown, b: unknown): boolean {
  return canonicalJson(a ?? null) === canonicalJson(b ?? null);
}
