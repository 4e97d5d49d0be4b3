import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import type { Json } from '../../domain/json.ts';
import type { AnyOperation, Preview } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import type { Octokit } from '../../github/client.ts';
import { headOf, nameOf, openRepository, repositoryInput } from '../../github/repository.ts';
import { type FileChange, fileChanges } from './file-changes.ts';
import { readFolder } from './folder.ts';

/** Where a change is proposed: the delivered branch and folder, and the branch that is made for it. */
export const proposalInput = repositoryInput.extend({
  base: z.string().min(1),
  path: z.string(),
  branch: z.string().regex(/^reign\/[a-z0-9-]+$/),
  waitSeconds: z.number().int().min(1).max(3600),
  /** The operation that it stands in for, and its input. */
  operation: z.string(),
  change: z.unknown(),
});
export type ProposalInput = z.infer<typeof proposalInput>;

/** A change of files that could be committed on `head`. */
export type Proposal = { github: Octokit; head: string; files: FileChange[]; preview: Preview };

/**
 * Asks the cluster what the operation would change, and makes a change of files of it.
 * @throws FaultError `unsupported` in words where no file can hold it; `conflict` where the cluster is so already.
 */
export async function propose(
  operation: AnyOperation,
  input: ProposalInput,
  reader: Reader,
): Promise<Proposal> {
  const change = input.change as never;
  const { github } = await openRepository(reader, input);
  const head = await headOf(github, input, input.base);
  if (head === undefined)
    throw new FaultError(
      'not-found',
      `${nameOf(input)} has no branch ${input.base}. See gitops in reign.yaml.`,
    );
  const [seen, changes, folder] = await Promise.all([
    operation.preview(change, reader),
    operation.delivered?.changes(change, reader) ?? [],
    readFolder(github, input, head),
  ]);
  if (changes.length === 0)
    throw new FaultError('unsupported', `${input.environment} is so already: there is nothing to propose.`);
  const files = fileChanges(folder, changes);
  return { github, head, files, preview: previewOf(input, seen, files) };
}

/** The files are what is approved; what the cluster answered stands in the summary, and is bound to besides. */
function previewOf(input: ProposalInput, seen: Preview, files: readonly FileChange[]): Preview {
  const sides = (side: 'before' | 'after') =>
    Object.fromEntries(files.map((file) => [file.path, file[side]]));
  const blobs = Object.fromEntries(files.map(({ path, sha }): [string, Json] => [path, sha]));
  const where = `a pull request to ${input.base} of ${nameOf(input)}`;
  return {
    ...seen,
    before: sides('before'),
    after: sides('after'),
    fingerprint: { repositoryId: input.repositoryId, files: blobs, cluster: seen.fingerprint },
    summary: `${seen.summary}, by ${where}: ${files.map(({ path }) => path).join(', ')}`,
  };
}
