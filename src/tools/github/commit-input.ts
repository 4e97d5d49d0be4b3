import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { type Octokit, said } from '../../github/client.ts';
import { fileText } from '../../github/files.ts';
import { headOf, nameOf, placeOf, repositoryInput } from '../../github/repository.ts';
import { branchName } from './branch.ts';
import { plural } from './changes.ts';

export const commitInput = repositoryInput.extend({
  branch: branchName,
  message: z.string().min(1).max(2000),
  files: z.array(fileText).min(1).max(50),
});
export type CommitInput = z.infer<typeof commitInput>;

export function filesInWords(files: readonly { path: string }[]): string {
  const [only, ...others] = files;
  return others.length === 0 ? (only?.path ?? 'nothing') : plural(files.length, 'file');
}

/** @throws FaultError `world-changed` when the branch is gone. */
export async function headFor(github: Octokit, input: CommitInput): Promise<string> {
  const head = await headOf(github, input, input.branch);
  if (head !== undefined) return head;
  throw new FaultError('world-changed', `The branch ${input.branch} of ${nameOf(input)} is gone.`);
}

/** Moves the branch on, never back. @throws FaultError `world-changed` when somebody was faster. */
export async function moveBranch(github: Octokit, input: CommitInput, sha: string): Promise<void> {
  const asked = { ...placeOf(input), ref: `heads/${input.branch}`, sha, force: false };
  const what = `The branch ${input.branch} of ${nameOf(input)}`;
  try {
    await said(github.git.updateRef(asked), what);
  } catch (error) {
    if (!(error instanceof FaultError) || !/fast[- ]?forward/i.test(error.fault.message)) throw error;
    throw new FaultError('world-changed', `${what} moved on in that moment. Nothing was done; ask again.`);
  }
}
