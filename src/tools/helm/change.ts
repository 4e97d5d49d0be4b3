import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, type Json, sha256 } from '../../domain/json.ts';
import type { ExecuteContext, Landed, Preview, Rendered } from '../../domain/operation.ts';
import type { Reader, Writer } from '../../domain/ports/reader.ts';
import type { RiskRaise } from '../../domain/risk.ts';
import type { Api } from './api.ts';
import { type Comparison, compareObjects, inWords, steadyText } from './compare.ts';
import { type Placed, placeObjects } from './objects.ts';
import { currentOf, isPending, type ReleaseRecord, readRecords, stateOf } from './records.ts';
import { markOf, type ReleaseInput, refuseChanged, wordsOf } from './release.ts';
import { type Helm, withHelm } from './run-helm.ts';
import { egressOf, type ObjectWrite, type WriteInput } from './writes.ts';

type Fields = { [field: string]: Json };

/** What a write would make of a release. */
export type Plan = {
  records: readonly ReleaseRecord[];
  /** The objects as helm has them now, as it would, and that rendered once more. */
  base: readonly Placed[];
  wanted: readonly Placed[];
  again?: readonly Placed[];
  /** All that the write and its undo may send or delete. */
  objects: readonly ObjectWrite[];
  /** What an approval is bound to besides the release's state and the objects. */
  depends: Fields;
  chart: string;
  /** Arguments for helm; the mark of the step is added. */
  command: readonly string[];
  warnings: readonly string[];
  raises: readonly RiskRaise[];
};

/** One way of changing a release. */
export type ReleaseChange<Input extends WriteInput> = {
  plan(helm: Helm, input: Input): Promise<Plan>;
  /** Whether helm's command takes a description to mark the revision with. */
  marks: boolean;
  /** Whether it deletes the release's objects, which helm does even where it cannot record it. */
  deletes?: true;
  /** Whether a revision is the one that this write made. */
  made(record: ReleaseRecord, input: Input, mark: string): boolean;
  /** More that a preview looks at, e.g. whether the server takes each object. Throws where it does not. */
  tryOut?(helm: Helm, input: Input, plan: Plan): Promise<readonly string[]>;
};

export const changeOutput = z.object({
  release: z.string(),
  revision: z.number(),
  status: z.string(),
  chart: z.string(),
  /** What helm said where it began and failed; the release is checked then, and put back. */
  problem: z.string().optional(),
});
export type ChangeOutput = z.infer<typeof changeOutput>;

const hookSeconds = 240;

/** The members that every change of a release shares. */
export function changeParts<Input extends WriteInput>(change: ReleaseChange<Input>) {
  return {
    output: changeOutput,
    repeat: 'verify-first' as const,
    previews: 'dry-run' as const,
    // helm marks the release as failed when it is asked to stop.
    stop: { signal: 'SIGTERM' as const, graceSeconds: 15 },
    limits: { seconds: 300, memoryMb: 768 },
    preview: (input: Input, reader: Reader) => previewChange(change, input, reader),
    egress: (input: Input) => egressOf(input),
    execute: (input: Input, writer: Writer, context: ExecuteContext) =>
      executeChange(change, input, writer, context),
    landed: (input: Input, reader: Reader, context: ExecuteContext) =>
      changeLanded(change, input, reader, context),
    render: renderChange,
  };
}

export function comparisonOf({ base, wanted, again }: Plan): Comparison {
  return compareObjects(base, wanted, again ?? wanted);
}

/** What an approval is bound to. */
export function fingerprintOf({ records, wanted, again, depends }: Plan): Fields {
  return { ...stateOf(records), ...depends, renders: sha256(steadyText(wanted, again ?? wanted)) };
}

async function previewChange<Input extends WriteInput>(
  change: ReleaseChange<Input>,
  input: Input,
  reader: Reader,
): Promise<Preview> {
  return withHelm(reader, input.connection, async (helm) => {
    const plan = await change.plan(helm, input);
    refuseOtherObjects(input, plan);
    const tried = (await change.tryOut?.(helm, input, plan)) ?? [];
    const comparison = comparisonOf(plan);
    const { records, command } = plan;
    const current = currentOf(records);
    const last = records.at(-1);
    const next = command[0] === 'uninstall' ? {} : { revision: (last?.version ?? 0) + 1 };
    return {
      kind: 'dry-run',
      before: {
        ...(current && { revision: current.version, chart: current.chart }),
        objects: comparison.before,
      },
      after: { ...next, chart: plan.chart, objects: comparison.after },
      fingerprint: fingerprintOf(plan),
      summary: inWords(comparison),
      warnings: [...plan.warnings, ...tried],
      raises: plan.raises,
      server: input.clusterUid,
    };
  });
}

async function executeChange<Input extends WriteInput>(
  change: ReleaseChange<Input>,
  input: Input,
  writer: Writer,
  { approved, idempotencyKey }: ExecuteContext,
): Promise<ChangeOutput> {
  if (approved === undefined)
    throw new FaultError('refused', 'A change without an approved preview is not made.');
  return withHelm(writer, input.connection, async (helm) => {
    const mark = markOf(idempotencyKey);
    const [last] = (await readRecords(helm.api, input)).slice(-1);
    if (last !== undefined && change.marks && change.made(last, input, mark)) return outputOf(input, last);
    const plan = await change.plan(helm, input);
    refuseChanged(wordsOf(input), approved.fingerprint, fingerprintOf(plan));
    refuseOtherObjects(input, plan);
    const marked = change.marks ? ['--description', mark] : [];
    writer.report(`helm ${plan.command[0]} ${input.release}`);
    try {
      await helm.run([...plan.command, ...marked, '--timeout', `${hookSeconds}s`], hookSeconds + 30);
      return outputOf(input, lastOf(input, await readRecords(helm.api, input)));
    } catch (error) {
      const failure = change.deletes ? await unrecorded(error, helm.api, input, plan.records) : error;
      return begun(input, helm, plan.records, failure);
    }
  });
}

/** A failure before helm wrote anything is thrown; one after that is told, so that the release is checked and put back. */
async function begun(
  input: ReleaseInput,
  { api }: Helm,
  before: readonly ReleaseRecord[],
  error: unknown,
): Promise<ChangeOutput> {
  const now = await recordsAfter(error, api, input, before);
  const problem = problemIn(error);
  const last = now.at(-1);
  if (last === undefined) throw error;
  if (isPending(last)) throw new FaultError('unhealthy', `${problem} ${leftBehind(input, now)}`);
  return { ...outputOf(input, last), problem };
}

/**
 * What is there after a run of helm that failed. Throws that failure where the release is as it was before, and
 * `unreachable` where the cluster does not tell any more: the failure alone would say that nothing was written.
 */
export async function recordsAfter(
  error: unknown,
  api: Api,
  input: ReleaseInput,
  before: readonly ReleaseRecord[],
  state = stateOf,
): Promise<readonly ReleaseRecord[]> {
  const now = await readRecords(api, input).catch((unread: unknown) => {
    const words = `What became of the ${wordsOf(input)} cannot be read: ${problemIn(unread)}`;
    throw new FaultError('unreachable', `${problemIn(error)} ${words}`);
  });
  const last = now.at(-1);
  const same = canonicalJson(state(before)) === canonicalJson(state(now));
  if (same && (last === undefined || !isPending(last))) throw error;
  return now;
}

/** The failure of a run that deletes; where objects are gone, in words that do not say that nothing was done. */
export async function unrecorded(
  error: unknown,
  api: Api,
  input: ReleaseInput,
  records: readonly ReleaseRecord[],
): Promise<unknown> {
  if (!(await lacksObjects(api, input, records).catch(() => true))) return error;
  const words = `Objects of the ${wordsOf(input)} are gone all the same, or cannot be looked for.`;
  return new FaultError('unhealthy', `${problemIn(error)} ${words}`);
}

async function lacksObjects(
  api: Api,
  { namespace }: ReleaseInput,
  records: readonly ReleaseRecord[],
): Promise<boolean> {
  const placed = await placeObjects(api, records.at(-1)?.manifest ?? '', namespace);
  const found = await Promise.all(
    placed.map(({ path }) => (path === undefined ? undefined : api.find(path))),
  );
  return found.includes(undefined);
}

export function problemIn(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What to do about a release in which a run of helm was lost. */
export function leftBehind(input: ReleaseInput, records: readonly ReleaseRecord[]): string {
  const last = records.at(-1);
  const good = records.findLast(({ status }) => status === 'deployed' || status === 'superseded');
  const state = `The ${wordsOf(input)} is ${last?.status} (revision ${last?.version})`;
  const wait = 'a run of helm on it goes on, or was lost. If none runs any more,';
  if (last?.status === 'uninstalling') return `${state}: ${wait} uninstall it again.`;
  const advice =
    good === undefined ? 'uninstall it and install it anew' : `roll it back to revision ${good.version}`;
  return `${state}: ${wait} ${advice}.`;
}

async function changeLanded<Input extends WriteInput>(
  change: ReleaseChange<Input>,
  input: Input,
  reader: Reader,
  { approved, idempotencyKey }: ExecuteContext,
): Promise<Landed> {
  const before = approved?.fingerprint as Fields | undefined;
  if (before === undefined) return 'unclear';
  return withHelm(reader, input.connection, async ({ api }) => {
    const records = await readRecords(api, input);
    const newer = records.filter(({ version }) => version >= Number(before['revision']));
    const fresh = newer.filter((record) => change.made(record, input, markOf(idempotencyKey)));
    if (
      fresh.some(
        ({ version, deployedAt }) =>
          version !== before['revision'] || change.marks || deployedAt !== before['deployedAt'],
      )
    )
      return 'yes';
    const state = stateOf(records);
    if (Object.keys(state).some((field) => state[field] !== before[field])) return 'unclear';
    return change.deletes && (await lacksObjects(api, input, records)) ? 'unclear' : 'no';
  });
}

function refuseOtherObjects(input: WriteInput, { objects }: Plan): void {
  if (canonicalJson(objects) === canonicalJson(input.objects)) return;
  const words = `The ${wordsOf(input)} would have other objects by now than when this was asked for.`;
  throw new FaultError('world-changed', `${words} Nothing was written; ask again.`);
}

function lastOf(input: ReleaseInput, records: readonly ReleaseRecord[]): ReleaseRecord {
  const last = records.at(-1);
  if (last !== undefined) return last;
  throw new FaultError('internal', `helm ended well, but keeps no record of the ${wordsOf(input)}.`);
}

function outputOf({ namespace, release }: ReleaseInput, record: ReleaseRecord): ChangeOutput {
  const { version, status, chart } = record;
  return { release: `${namespace}/${release}`, revision: version, status, chart };
}

function renderChange({ release, revision, status, chart, problem }: ChangeOutput): Rendered {
  const failed = problem === undefined ? '' : `\n${problem}`;
  return { kind: 'text', text: `${release}: revision ${revision}, ${chart}, ${status}${failed}` };
}
