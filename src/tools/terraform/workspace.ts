import { z } from 'zod';
import type { Assessment, Effect } from '../../domain/risk.ts';

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
  const quoted = /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
  return `terraform -chdir=${quoted} ${command}`;
}
