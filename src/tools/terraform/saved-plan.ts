import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, type Json, sha256 } from '../../domain/json.ts';
import type { ExecuteContext, Landed, Preview } from '../../domain/operation.ts';
import type { Reader, Writer } from '../../domain/ports/reader.ts';
import type { StateAbout } from '../../domain/ports/terraform-states.ts';
import { failureOf, lockedBy, refuseLocked } from './faults.ts';
import { lookAtState } from './look-at-state.ts';
import { type MadePlan, makePlan, type PlanMode, planName, showPlan } from './make-plan.ts';
import { changesDone, diagnosticsIn, progressOf } from './messages.ts';
import { planDigest } from './plan-json.ts';
import { type WorkCopy, withWorkCopy } from './work-copy.ts';
import { viewOf, type WorkspaceInput, wordsOf } from './workspace.ts';

/** What an approval is bound to: the plan file itself, what it changes, and all that it was made from. */
export type Fingerprint = {
  configuration: string;
  lineage: string | null;
  serial: number | null;
  /** Of all that the plan changes. */
  changes: string;
  /** SHA-256 of the plan file that is kept. */
  file: string;
  program: string;
};

export type Done = {
  added: number;
  changed: number;
  destroyed: number;
  serial: number | null;
  /** What went wrong on the way; the rest was done. */
  errors: string[];
};

/** How long a run of apply may take; a while before, it is asked to end well. */
export const applySeconds = 3600;

/** Makes a plan and keeps its file. Of an unchanged world it is the same plan, and the same file, again. */
export async function previewPlan(
  reader: Reader,
  input: WorkspaceInput,
  mode: PlanMode,
): Promise<{ plan: MadePlan; fingerprint: Fingerprint }> {
  return withWorkCopy(reader, input, async (copy) => {
    const plan = await makePlan(copy, input, mode);
    const made = { ...basisOf(copy, plan.about), changes: plan.digest, program: plan.program };
    const file = await copy.states.keepPlan(sha256(canonicalJson({ ...made, mode })), plan.file);
    return { plan, fingerprint: { ...made, file } };
  });
}

/**
 * Applies exactly the plan file that was approved, where files and state are still those it was made from.
 * A run that fails half-way is an output with errors; one that did nothing throws.
 * @throws FaultError `world-changed`, `locked`, `refused`
 */
export async function applySaved(
  input: WorkspaceInput,
  writer: Writer,
  { approved }: ExecuteContext,
): Promise<Done> {
  const wanted = fingerprintOf(approved);
  return withWorkCopy(writer, input, async (copy) => {
    const before = await copy.states.about();
    refuseLocked(input, before);
    refuseChanged(input, wanted, basisOf(copy, before));
    await fetchPlan(copy, input, wanted);
    const result = await copy.states.during(async () => {
      const ended = await copy.run(['apply', '-input=false', '-no-color', '-json', planName], {
        limitSeconds: applySeconds,
        onLine(line) {
          const progress = progressOf(line);
          if (progress !== undefined) writer.report(progress);
        },
      });
      await rescueState(copy, input);
      return ended;
    });
    const after = await copy.states.about();
    const failure = result.exitCode === 0 ? undefined : failureOf(input, 'apply', result);
    if (failure !== undefined && isSame(before, after)) throw await explained(copy, input, failure);
    const said = diagnosticsIn(result.stdout).errors;
    const errors = failure === undefined ? [] : said.length > 0 ? said : [failure.fault.message];
    const done = changesDone(result.stdout) ?? { added: 0, changed: 0, destroyed: 0 };
    return { ...done, serial: after.serial, errors };
  });
}

/**
 * Whether a step's apply has taken place: `no` where it never came as far as the lock, or gave it back without having
 * written; `yes` where it wrote and gave the lock back. What it did may still be a part: `verify` tells.
 */
export async function applyLanded(
  input: WorkspaceInput,
  reader: Reader,
  { approved, idempotencyKey }: ExecuteContext,
): Promise<Landed> {
  const { lockedBy, lock, writtenBy, lineage, serial } = await lookAtState(reader, input);
  if (lock?.step === idempotencyKey) return 'unclear';
  if (writtenBy === idempotencyKey) return 'yes';
  if (lockedBy === null) return 'no';
  if (lockedBy === idempotencyKey && viewOf(reader, input).state === 'reign') return 'no';
  // Others have had the lock since, or before, or a backend does not tell who wrote: as long as the state is as
  // approved, nobody has applied anything.
  const wanted = approved?.fingerprint as Fingerprint | undefined;
  return wanted?.lineage === lineage && wanted.serial === serial ? 'no' : 'unclear';
}

function fingerprintOf(approved: Preview | undefined): Fingerprint {
  if (approved === undefined)
    throw new FaultError('refused', 'A change without an approved preview is not made.');
  return approved.fingerprint as Fingerprint;
}

function basisOf({ configuration }: WorkCopy, { lineage, serial }: StateAbout) {
  return { configuration, lineage, serial };
}

/** @throws FaultError `world-changed` that names what differs from the approved preview */
function refuseChanged(
  input: WorkspaceInput,
  wanted: Fingerprint,
  now: Pick<Fingerprint, 'configuration' | 'lineage' | 'serial'>,
): void {
  const changes: string[] = [];
  if (now.configuration !== wanted.configuration) changes.push('its files were changed');
  if (now.lineage !== wanted.lineage) changes.push('its state is another one');
  else if (now.serial !== wanted.serial)
    changes.push(`its state has serial ${now.serial ?? 'none'}, ${wanted.serial ?? 'none'} when approved`);
  if (changes.length === 0) return;
  const what = `The ${wordsOf(input)} is not as it was: ${changes.join('; ')}`;
  throw new FaultError('world-changed', `${what}. Nothing was applied; ask again to see the present plan.`);
}

/** Who holds a lock is worth another question. */
async function explained(copy: WorkCopy, input: WorkspaceInput, failure: FaultError): Promise<FaultError> {
  const holder = failure.fault.code === 'locked' ? await copy.states.holder() : undefined;
  return holder === undefined ? failure : lockedBy(input, holder);
}

/** Puts the approved plan file into the work copy; what it says is held against the approval once more. */
async function fetchPlan(copy: WorkCopy, input: WorkspaceInput, wanted: Fingerprint): Promise<void> {
  const file = await copy.states.planFile(wanted.file);
  if (file === undefined)
    throw new FaultError(
      'world-changed',
      'The approved plan file is not kept any more. Ask for the plan again.',
    );
  if (sha256(file) !== wanted.file) throw new FaultError('refused', 'The plan file is not the approved one.');
  await writeFile(join(copy.folder, planName), file);
  if (planDigest(await showPlan(copy, input)) !== wanted.changes)
    throw new FaultError('refused', 'The plan file would change something else than was approved.');
}

/**
 * What Terraform could not write, it leaves in a file: without it, what it made would belong to nobody.
 * @throws FaultError `unhealthy` when it cannot be written now either
 */
async function rescueState(copy: WorkCopy, input: WorkspaceInput): Promise<void> {
  const left = 'errored.tfstate';
  if (!existsSync(join(copy.folder, left))) return;
  const pushed = await copy.run(['state', 'push', left]);
  if (pushed.exitCode !== 0) throw failureOf(input, 'state push', pushed);
}

function isSame(before: StateAbout, after: StateAbout): boolean {
  return before.serial === after.serial && before.lineage === after.lineage;
}

export function asJson(fingerprint: Fingerprint): Json {
  return { ...fingerprint };
}
