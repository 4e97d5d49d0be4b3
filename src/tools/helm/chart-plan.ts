import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import type { Json } from '../../domain/json.ts';
import type { Api } from './api.ts';
import type { Plan } from './change.ts';
import { copyChart } from './charts.ts';
import { type Placed, placeObjects } from './objects.ts';
import { raisesOf, without } from './raises.ts';
import { currentOf, type Hook, type ReleaseRecord, readRecords, valuesDigest } from './records.ts';
import { type Helm, newFolder } from './run-helm.ts';
import { serverSideArguments } from './server-side.ts';
import { setValue, valueArguments } from './set-values.ts';
import { hooksAt, type WriteInput, writeInput, writesOf } from './writes.ts';

/** The input of a write that takes a chart: the folder connection, and the way to the chart from there. */
export const chartInput = writeInput.extend({
  folder: z.string(),
  path: z.string().max(500),
  chart: z.string().max(300),
  /** Values that are changed; the others stay as the release has them. */
  values: z.array(setValue).max(20).optional(),
});
export type ChartInput = z.infer<typeof chartInput>;
/** Before it is known what the chart's objects are. */
export type ChartAsk = Omit<ChartInput, 'objects'>;

type Answer = {
  chart: { metadata: { name: string; version: string } };
  manifest: string;
  hooks: Hook[] | null;
  config?: { [key: string]: Json } | null;
};
type Rendering = {
  wanted: Placed[];
  crds: Placed[];
  hooks: readonly Hook[];
  config: { [key: string]: Json };
};

/** Renders a chart twice by helm's own dry run against the cluster, and sets it against what is deployed. */
export async function chartPlan(helm: Helm, input: ChartAsk, verb: 'install' | 'upgrade'): Promise<Plan> {
  const { namespace, release } = input;
  const [records, copy, how] = await Promise.all([
    readRecords(helm.api, input),
    newFolder({ workFolder: helm.folder }).then((into) => copyChart(helm.reader, input, into)),
    serverSideArguments(helm, input.serverSide),
  ]);
  const last = records.at(-1);
  const replace = verb === 'install' && last !== undefined ? ['--replace'] : [];
  const set = valueArguments(input.values ?? [], verb);
  const command = [verb, release, copy.place, '--namespace', namespace, ...how, ...replace, ...set];
  const crds = verb === 'install' ? await crdsOf(helm, copy.place, namespace) : [];
  const [first, second] = await Promise.all([render(helm, command, input), render(helm, command, input)]);
  const current = verb === 'upgrade' ? currentOf(records) : undefined;
  const base = await placeObjects(helm.api, current?.manifest ?? '', namespace);
  const { hooks, config } = first;
  const wanted = [...crds, ...first.wanted];
  refuseUnknown(wanted);
  return {
    records,
    base,
    wanted,
    again: [...crds, ...second.wanted],
    objects: await objectsOf(helm.api, input, verb, { current, base, rendering: { ...first, crds } }),
    depends: { chart: copy.digest, values: valuesDigest(config) },
    chart: input.chart.replace(' ', '-'),
    command,
    warnings: [...hookWarnings(hooks, verb), ...crdWarnings(crds), ...stateWarnings(current, input)],
    raises: raisesOf(base, wanted),
  };
}

export function hookWarnings(hooks: readonly Hook[], verb: string): string[] {
  const running = hooks.filter(({ events }) => events.some((event) => event.endsWith(`-${verb}`)));
  if (running.length === 0) return [];
  const names = running.map(({ kind, name, events }) => `${kind} ${name} (${events.join(', ')})`);
  return [`It runs hooks, which an undo does not take back: ${names.join('; ')}.`];
}

async function objectsOf(
  api: Api,
  { namespace }: WriteInputPlace,
  verb: 'install' | 'upgrade',
  { current, base, rendering }: { current: ReleaseRecord | undefined; base: Placed[]; rendering: Rendering },
) {
  const { wanted, crds, hooks } = rendering;
  const undoEvents = verb === 'install' ? ['pre-delete', 'post-delete'] : ['pre-rollback', 'post-rollback'];
  const running = await Promise.all([
    hooksAt(api, hooks, namespace, [`pre-${verb}`, `post-${verb}`]),
    hooksAt(api, verb === 'install' ? hooks : (current?.hooks ?? []), namespace, undoEvents),
  ]);
  return writesOf({
    apply: [...crds, ...wanted, ...base],
    remove: [...without(base, wanted), ...without(wanted, base)],
    hooks: running.flat(),
  });
}

type WriteInputPlace = Pick<WriteInput, 'namespace'>;

async function render(helm: Helm, command: readonly string[], { namespace }: ChartAsk): Promise<Rendering> {
  const answer = await helm.json<Answer>([...command, '--dry-run=server']);
  const wanted = await placeObjects(helm.api, answer.manifest, namespace);
  return { wanted, crds: [], hooks: answer.hooks ?? [], config: answer.config ?? {} };
}

/** What the cluster does not serve has no path that an approval could name. */
function refuseUnknown(wanted: readonly Placed[]): void {
  const unknown = wanted.find(({ path }) => path === undefined);
  if (unknown === undefined) return;
  const words = `The cluster does not know the kind of ${unknown.title}.`;
  throw new FaultError('bad-request', `${words} Install the definition of it first.`);
}

/** Definitions that helm installs from the chart's own folder for them; those that exist are left as they are. */
async function crdsOf(helm: Helm, place: string, namespace: string): Promise<Placed[]> {
  const text = await helm.run(['show', 'crds', place]);
  const all = text.trim() === '' ? [] : await placeObjects(helm.api, text, namespace);
  const known = await Promise.all(
    all.map(({ path }) => (path === undefined ? undefined : helm.api.find(path))),
  );
  return all.filter((_, index) => known[index] === undefined);
}

function crdWarnings(crds: readonly Placed[]): string[] {
  if (crds.length === 0) return [];
  return [`It installs ${crds.length} custom resource definitions, which an undo leaves in place.`];
}

function stateWarnings(current: ReleaseRecord | undefined, { chart }: ChartAsk): string[] {
  if (current === undefined) return [];
  const warnings: string[] = [];
  const name = chart.slice(0, chart.lastIndexOf(' '));
  if (current.chartName !== name)
    warnings.push(`The release comes from the chart ${current.chartName}; this is another one: ${name}.`);
  if (current.status !== 'deployed')
    warnings.push(`Its revision ${current.version} is ${current.status}: ${current.description}`);
  return warnings;
}
