import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '../../domain/fault.ts';
import type { StateAbout } from '../../domain/ports/terraform-states.ts';
import { failureOf, refuseLocked } from './faults.ts';
import { diagnosticsIn } from './messages.ts';
import {
  type Change,
  changedOutputs,
  changesOf,
  hasProvisioners,
  type PlanJson,
  planDigest,
} from './plan-json.ts';
import type { WorkCopy } from './work-copy.ts';
import type { WorkspaceInput } from './workspace.ts';

export type PlanMode = 'apply' | 'destroy' | 'refresh-only';

/** A plan that Terraform made, and what it was made from. */
export type MadePlan = {
  changes: Change[];
  /** What differs from the state in the world, where the mode is `refresh-only`. */
  drift: Change[];
  outputs: string[];
  /** Of all that it changes; equal for plans that change the same. */
  digest: string;
  about: StateAbout;
  program: string;
  provisioners: boolean;
  warnings: string[];
  /** The plan file. */
  file: Buffer;
};

export const planName = 'reign.tfplan';
const planSeconds = 110;

/**
 * Makes a plan in a work copy, without the lock: nothing is written.
 * @throws FaultError `locked` while a step holds the state, and in the words of a plan that failed
 */
export async function makePlan(copy: WorkCopy, input: WorkspaceInput, mode: PlanMode): Promise<MadePlan> {
  const about = await copy.states.about();
  refuseLocked(input, about);
  const how = mode === 'apply' ? [] : [`-${mode}`];
  const args = ['plan', ...how, '-input=false', '-no-color', '-json', '-lock=false', `-out=${planName}`];
  const result = await copy.run(args, { limitSeconds: planSeconds });
  if (result.exitCode !== 0) throw failureOf(input, `plan${how.map((flag) => ` ${flag}`).join('')}`, result);
  const plan = await showPlan(copy, input);
  return {
    changes: changesOf(plan.resource_changes),
    drift: changesOf(plan.resource_drift),
    outputs: changedOutputs(plan),
    digest: planDigest(plan),
    about,
    program: `${copy.program()} ${plan.terraform_version ?? ''}`.trim(),
    provisioners: hasProvisioners(plan.configuration),
    warnings: [...diagnosticsIn(result.stdout).warnings.slice(0, 5), ...copy.refused()],
    file: await readFile(join(copy.folder, planName)),
  };
}

/** What the plan file in the work copy says. */
export async function showPlan(copy: WorkCopy, input: WorkspaceInput): Promise<PlanJson> {
  const result = await copy.run(['show', '-no-color', '-json', planName]);
  if (result.exitCode !== 0) throw failureOf(input, 'show', result);
  if (result.truncated)
    throw new FaultError(
      'too-large',
      `The plan of ${input.name} is larger than Reign reads. Split the workspace.`,
    );
  const plan = planIn(result.stdout);
  if (plan === undefined) throw failureOf(input, 'show', result);
  return plan;
}

function planIn(text: string): PlanJson | undefined {
  try {
    return JSON.parse(text) as PlanJson;
  } catch {
    return undefined;
  }
}
