import { FaultError } from '../../domain/fault.ts';
import type { UndoContract } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { type Octokit, said } from '../../github/client.ts';
import { isCommitOf } from '../../github/commit-files.ts';
import { computedPreview } from '../../github/guarded-write.ts';
import { headOf, nameOf, openRepository, placeOf } from '../../github/repository.ts';
import type { ProposalInput } from './proposal.ts';
import { type Pull, pullInWords, pullOf } from './pull.ts';

/** The branch that the proposal was made on. */
type ProposalUndo = { branch: string };

/** Undo of a proposal: the pull request is closed and its branch deleted, as long as it is not merged. */
export const proposalUndo: UndoContract<ProposalInput, ProposalUndo> = {
  kind: 'reversible',
  capture: async ({ branch }) => ({ branch }),
  async previewRestore(input, _undo, reader) {
    const { pull, branch } = await lookAt(input, reader);
    const open = pull?.state === 'open';
    const number = pull?.number ?? null;
    return computedPreview(input.repositoryId, {
      before: { pullRequest: number, open, branch: branch === undefined ? null : input.branch },
      after: { pullRequest: number, open: false, branch: null },
      fingerprint: { repositoryId: input.repositoryId, number, open, branch: branch ?? null },
      summary: open ? `closes pull request #${number} and deletes its branch` : 'It is closed already.',
    });
  },
  async restore(input, _undo, writer) {
    const { github, pull, branch } = await lookAt(input, writer);
    const place = placeOf(input);
    if (pull?.state === 'open')
      await said(
        github.pulls.update({ ...place, pull_number: pull.number, state: 'closed' }),
        pullInWords(pull),
      );
    if (branch !== undefined)
      await said(github.git.deleteRef({ ...place, ref: `heads/${input.branch}` }), `branch ${input.branch}`);
  },
  async verifyRestored(input, _undo, reader) {
    const { pull, branch } = await lookAt(input, reader);
    const closed = pull?.state !== 'open' && branch === undefined;
    const evidence = closed
      ? 'The pull request is closed, and its branch is gone.'
      : 'The pull request or its branch is still there.';
    return { state: closed ? 'healthy' : 'failed', evidence };
  },
};

/** @throws FaultError `world-changed` when it is merged, or others have committed to its branch. */
async function lookAt(
  input: ProposalInput,
  reader: Reader,
): Promise<{ github: Octokit; pull: Pull | undefined; branch: string | undefined }> {
  const { github } = await openRepository(reader, input);
  const pull = await pullOf(github, input);
  if (pull !== undefined && pull.merged_at !== null) {
    const how = `Ask for the opposite change, or revert it in ${nameOf(input)}`;
    throw new FaultError(
      'world-changed',
      `${pullInWords(pull)} is merged, so closing it takes nothing back. ${how}.`,
    );
  }
  const branch = await headOf(github, input, input.branch);
  if (branch !== undefined && !(await isCommitOf(github, input, branch))) {
    const message = `Somebody else has committed to ${input.branch} of ${nameOf(input)}. It is left as it is.`;
    throw new FaultError('world-changed', message);
  }
  return { github, pull, branch };
}
