import { z } from 'zod';
import type { WorkspaceView } from '../../domain/environment.ts';
import { FaultError } from '../../domain/fault.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import type { Assessment, Effect } from '../../domain/risk.ts';
import { quoteWord } from '../../domain/shell-words.ts';

/** Which configured workspace, in full; part of the input of every operation on one. */
export const workspaceInput = z.strictObject({
  environment: z.string(),
  connection: z.string(),
  name: z.string(),
  /** Where its folder is, for people. */
  path: z.string(),
});
export type WorkspaceInput = z.infer<typeof workspaceInput>;

/** What a person may say of a workspace: its folder or name, and where. */
export const workspaceRequest = z.strictObject({
  path: z.string().optional(),
  environment: z.string().optional(),
});

/** How the workspace is configured. What it is called is what was approved, and names the folder of the work copy. */
export function viewOf(
  { environments }: Pick<Reader, 'environments'>,
  { connection, environment, name }: WorkspaceInput,
): WorkspaceView {
  const found = environments.flatMap(({ connections }) => connections).find(({ id }) => id === connection);
  const same = found?.environment === environment && found.name === name;
  if (found?.terraform !== undefined && same) return found.terraform;
  throw new FaultError('not-found', `${connection} is not configured as ${name} in ${environment}.`);
}

export function wordsOf({ name, environment }: WorkspaceInput): string {
  return `Terraform workspace ${name} in ${environment}`;
}

/** The whole workspace: what is below it is its resources. */
export function targetOf({ environment, name }: WorkspaceInput): string {
  return `tf:${environment}/${name}`;
}

export function assessWorkspace(
  input: WorkspaceInput,
  effect: Effect,
  reasons: readonly string[] = [],
): Assessment {
  const { environment } = input;
  return { effect, targets: [targetOf(input)], environment, objects: 1, reasons };
}

/** The line that does the same by hand. */
export function commandFor({ path }: WorkspaceInput, command: string): string {
  return `terraform -chdir=${quoteWord(path)} ${command}`;
}
