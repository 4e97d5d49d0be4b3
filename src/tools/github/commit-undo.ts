import { FaultError } from '../../domain/fault.ts';
import type { UndoContract } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import type { Octokit } from '../../github/client.ts';
import { commitFiles } from '../../github/commit-files.ts';
import { blobOf, entriesAt } from '../../github/files.ts';
import { computedPreview } from '../../github/guarded-write.ts';
import { openRepository } from '../../github/repository.ts';
import { plural } from './changes.ts';
import { type CommitInput, headFor, moveBranch } from './commit-input.ts';

/** The files before the write, as git has them. */
type CommitUndo = { files: { path: string; mode: string; sha: string | null }[] };

/** Undo of a commit: another one on top that puts the files back, where they are as the first one left them. */
export const commitUndo: UndoContract<CommitInput, CommitUndo> = {
  kind: 'reversible',
  async capture(input, reader) {
    const { github } = await openRepository(reader, input);
    const entries = await entriesAt(github, input, await headFor(github, input));
    const files = input.files.map(({ path }) => {
      const entry = entries.get(path);
      return { path, mode: entry?.mode ?? '100644', sha: entry?.sha ?? null };
    });
    return { files };
  },
  async previewRestore(input, captured, reader) {
    const { head, left } = await whatIsLeft(input, captured, reader);
    return computedPreview(input.repositoryId, {
      before: Object.fromEntries(
        input.files.map(({ path, content }) => [path, content === null ? null : blobOf(content)]),
      ),
      after: Object.fromEntries(captured.files.map(({ path, sha }) => [path, sha])),
      fingerprint: { repositoryId: input.repositoryId, head },
      summary:
        left.length === 0
          ? 'Already as it was before.'
          : `puts ${plural(left.length, 'file')} back in another commit`,
    });
  },
  async restore(input, captured, writer) {
    const { github, head, left } = await whatIsLeft(input, captured, writer);
    if (left.length === 0) return;
    const message = `Undo: ${input.message.split('\n')[0]}`;
    const sha = await commitFiles(github, input, {
      parent: head,
      files: left,
      message,
      idempotencyKey: 'undo',
    });
    await moveBranch(github, input, sha);
  },
  async verifyRestored(input, captured, reader) {
    const { left } = await whatIsLeft(input, captured, reader);
    if (left.length === 0)
      return { state: 'healthy', evidence: `The files on ${input.branch} are as before.` };
    return {
      state: 'failed',
      evidence: `${plural(left.length, 'file')} on ${input.branch} is not as before.`,
    };
  },
};

/** The files that are still as the write left them. @throws FaultError `world-changed` for one that is neither. */
async function whatIsLeft(
  input: CommitInput,
  { files }: CommitUndo,
  reader: Reader,
): Promise<{ github: Octokit; head: string; left: CommitUndo['files'] }> {
  const { github } = await openRepository(reader, input);
  const head = await headFor(github, input);
  const entries = await entriesAt(github, input, head);
  const left = files.filter(({ path, sha }) => (entries.get(path)?.sha ?? null) !== sha);
  for (const { path } of left) {
    const written = input.files.find((each) => each.path === path)?.content ?? null;
    if ((entries.get(path)?.sha ?? null) === (written === null ? null : blobOf(written))) continue;
    const why = `Somebody has changed ${path} on ${input.branch} since`;
    throw new FaultError('world-changed', `${why}. Nothing was put back.`);
  }
  return { github, head, left };
}
