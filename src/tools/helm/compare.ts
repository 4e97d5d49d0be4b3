import type { Json } from '../../domain/json.ts';
import { type FlatObject, flatten } from './fields.ts';
import type { Placed } from './objects.ts';

type Shown = { [title: string]: Json };

/** What becomes of the objects of a release; `before` and `after` hold what differs, for people. */
export type Comparison = {
  before: Shown;
  after: Shown;
  created: string[];
  changed: string[];
  removed: string[];
};

const mostObjects = 60;
const mostFields = 40;
const another = '(hidden, another value)';
/** What stands for a value that the chart makes up anew each time it is rendered. */
export const anew = '(made anew each time)';

/** Compares the objects of two manifests. `again` is a second rendering of `after`: what differs in it is made up. */
export function compareObjects(
  before: readonly Placed[],
  after: readonly Placed[],
  again: readonly Placed[] = after,
): Comparison {
  const comparison: Comparison = { before: {}, after: {}, created: [], changed: [], removed: [] };
  const old = byTitle(before);
  const wanted = byTitle(after);
  const second = byTitle(again);
  const titles = [...new Set([...old.keys(), ...wanted.keys()])].sort();
  for (const title of titles) {
    const from = old.get(title);
    const to = wanted.get(title);
    const difference = compareFields(from, to, second.get(title));
    if (difference === undefined) continue;
    const list =
      from === undefined ? comparison.created : to === undefined ? comparison.removed : comparison.changed;
    list.push(title);
    const count = comparison.created.length + comparison.changed.length + comparison.removed.length;
    const short = count > mostObjects;
    if (from !== undefined) comparison.before[title] = short ? '…' : difference.before;
    if (to !== undefined) comparison.after[title] = short ? '…' : difference.after;
  }
  return comparison;
}

/** "creates 2 objects, changes Deployment web, removes 1 object". */
export function inWords({ created, changed, removed }: Comparison): string {
  const parts = [
    ...counted('creates', created),
    ...counted('changes', changed),
    ...counted('removes', removed),
  ];
  return parts.length === 0 ? 'changes no object' : parts.join(', ');
}

/** The objects of a rendering as text that is equal for equal renderings, less what is made up anew. */
export function steadyText(placed: readonly Placed[], again: readonly Placed[]): string {
  const second = byTitle(again);
  return [...byTitle(placed)]
    .map(([title, fields]) => {
      const other = second.get(title);
      const lines = [...fields].map(
        ([path, { raw }]) => `${path}=${other?.get(path)?.raw === raw ? raw : anew}`,
      );
      return `${title}\n${lines.sort().join('\n')}`;
    })
    .sort()
    .join('\n---\n');
}

function compareFields(
  from: FlatObject | undefined,
  to: FlatObject | undefined,
  again: FlatObject | undefined,
): { before: Shown; after: Shown } | undefined {
  const paths = [...new Set([...(from?.keys() ?? []), ...(to?.keys() ?? [])])].sort();
  const differing = paths.filter((path) => from?.get(path)?.raw !== to?.get(path)?.raw);
  if (differing.length === 0 && from !== undefined && to !== undefined) return undefined;
  const before: Shown = {};
  const after: Shown = {};
  for (const path of differing.slice(0, mostFields)) {
    const old = from?.get(path);
    const now = to?.get(path);
    const steady = now?.raw === again?.get(path)?.raw;
    if (old !== undefined) before[path] = old.shown;
    if (now !== undefined) after[path] = !steady ? anew : old?.shown === now.shown ? another : now.shown;
  }
  const left = differing.length - mostFields;
  if (left > 0) (to === undefined ? before : after)['…'] = `${left} more fields`;
  return { before, after };
}

function byTitle(placed: readonly Placed[]): Map<string, FlatObject> {
  return new Map(placed.map(({ title, object }) => [title, flatten(object)]));
}

function counted(verb: string, titles: readonly string[]): string[] {
  if (titles.length === 0) return [];
  return [`${verb} ${titles.length <= 3 ? titles.join(', ') : `${titles.length} objects`}`];
}
