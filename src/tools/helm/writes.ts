import { z } from 'zod';
import type { EgressRule } from '../../domain/operation.ts';
import type { Assessment } from '../../domain/risk.ts';
import type { Api } from './api.ts';
import { isKept, type Placed, placeObjects } from './objects.ts';
import { type Hook, recordsPath } from './records.ts';
import { type ReleaseInput, releaseInput, releaseTarget } from './release.ts';

/** An object that a write or its undo may send or delete. */
const objectWrite = z.strictObject({
  kind: z
    .string()
    .max(100)
    .regex(/^[A-Za-z][A-Za-z0-9]*$/),
  path: z
    .string()
    .max(700)
    .regex(/^\/apis?(\/[A-Za-z0-9][\w.:-]*){2,7}$/),
  acts: z
    .array(z.enum(['apply', 'delete']))
    .min(1)
    .max(2),
});
export type ObjectWrite = z.infer<typeof objectWrite>;

export const mostWrites = 300;

/** What the input of every write on a release holds besides its place. */
export const writeInput = releaseInput.extend({
  objects: z.array(objectWrite).max(mostWrites),
  /** Whether the server merges what helm sends; else helm creates by the list and patches. */
  serverSide: z.boolean(),
});
export type WriteInput = z.infer<typeof writeInput>;

export type Touched = {
  apply?: readonly Placed[];
  /** What is marked to be kept stays. */
  remove?: readonly Placed[];
  hooks?: readonly Placed[];
};

/** The requests of a write and of its undo, each path once, sorted. */
export function writesOf({ apply = [], remove = [], hooks = [] }: Touched): ObjectWrite[] {
  const writes = new Map<string, { kind: string; acts: Set<'apply' | 'delete'> }>();
  const note = ({ path, kind }: Placed, acts: readonly ('apply' | 'delete')[]) => {
    if (path === undefined) return;
    const known = writes.get(path) ?? { kind, acts: new Set() };
    for (const act of acts) known.acts.add(act);
    writes.set(path, known);
  };
  for (const placed of apply) note(placed, ['apply']);
  for (const placed of remove) if (!isKept(placed.object)) note(placed, ['delete']);
  for (const placed of hooks) note(placed, ['apply', 'delete']);
  return [...writes]
    .map(([path, { kind, acts }]) => ({ kind, path, acts: [...acts].sort() }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Placed objects of the hooks that run at some events. */
export async function hooksAt(
  api: Api,
  hooks: readonly Hook[],
  namespace: string,
  events: readonly string[],
): Promise<Placed[]> {
  const running = hooks.filter((hook) => hook.events.some((event) => events.includes(event)));
  return (await Promise.all(running.map(({ manifest }) => placeObjects(api, manifest, namespace)))).flat();
}

/** What helm sends: the objects, and its own records of the release. */
export function egressOf(input: WriteInput): EgressRule[] {
  const { connection, namespace } = input;
  return [
    { connection, method: 'POST', path: recordsPath(namespace) },
    recordRule(input, 'PUT'),
    recordRule(input, 'DELETE'),
    ...objectRules(input),
  ];
}

/** helm's records of one release, of whatever revision. */
export function recordRule(
  { connection, namespace, release }: ReleaseInput,
  method: 'PUT' | 'DELETE',
): EgressRule {
  const name = `sh\\.helm\\.release\\.v1\\.${release.replaceAll('.', '\\.')}\\.v[0-9]+`;
  return { connection, method, path: new RegExp(`${recordsPath(namespace)}/${name}`) };
}

export function objectRules({ connection, objects, serverSide }: WriteInput): EgressRule[] {
  return objects.flatMap(({ path, acts }) => {
    const rules: EgressRule[] = [];
    if (acts.includes('delete')) rules.push({ connection, method: 'DELETE', path });
    if (!acts.includes('apply')) return rules;
    rules.push({ connection, method: 'PATCH', path });
    // A custom resource definition of a chart is created by its list however the rest is sent.
    if (!serverSide || path.includes('/customresourcedefinitions/'))
      rules.push({ connection, method: 'POST', path: path.slice(0, path.lastIndexOf('/')) });
    return rules;
  });
}

/** What typed input says about a write on a release: it touches the release and each of its objects. */
export function assessWrite(
  input: WriteInput,
  effect: Assessment['effect'],
  reasons: readonly string[],
): Assessment {
  const { environment, namespace, objects } = input;
  const outside = objects.filter(({ path }) => !path.includes(`/namespaces/${namespace}/`));
  return {
    effect,
    targets: [releaseTarget(input), ...objects.map((it) => targetOf(input, it))],
    environment,
    // Who may write in the namespace alone may not reach out of it with a chart.
    ...(outside.length === 0 ? { place: `${environment}/${namespace}` } : {}),
    objects: Math.max(1, objects.length),
    reasons: outside.length === 0 ? reasons : [...reasons, `reaches out of namespace ${namespace}`],
  };
}

/** As the tools of the cluster name it: `k8s:<uid>/<namespace>/deployment/web`. */
function targetOf({ clusterUid }: ReleaseInput, { kind, path }: ObjectWrite): string {
  const [, namespace] = /\/namespaces\/([^/]+)\/[^/]+\/[^/]+$/.exec(path) ?? [];
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (kind === 'Namespace') return `k8s:${clusterUid}/${name}`;
  return `k8s:${clusterUid}/${namespace === undefined ? '' : `${namespace}/`}${kind.toLowerCase()}/${name}`;
}
