import type { EgressRule } from '../domain/operation.ts';
import { type Octokit, said } from './client.ts';
import { nameOf, pathOf, placeOf, type RepositoryInput } from './repository.ts';

/** A file as it shall be: its text, or the blob that it was before (null: no file). */
export type FileChange = { path: string; mode?: string } & ({ content: string } | { sha: string | null });

/** One commit on top of `parent`; no branch moves. Its message ends with the step that made it. */
export async function commitFiles(
  github: Octokit,
  input: RepositoryInput,
  commit: { parent: string; files: readonly FileChange[]; message: string; idempotencyKey: string },
): Promise<string> {
  const { parent, files, message, idempotencyKey } = commit;
  const place = placeOf(input);
  const what = `A commit in ${nameOf(input)}`;
  const { tree: before } = await said(github.git.getCommit({ ...place, commit_sha: parent }), what);
  const tree = files.map(({ mode = '100644', ...file }) => ({
    ...file,
    ...{ mode: mode as '100644', type: 'blob' as const },
  }));
  const { sha } = await said(github.git.createTree({ ...place, tree, base_tree: before.sha }), what);
  const trailed = `${message}\n\n${trailerOf(idempotencyKey)}`;
  const made = github.git.createCommit({ ...place, message: trailed, tree: sha, parents: [parent] });
  return (await said(made, what)).sha;
}

/** The requests that {@link commitFiles} makes. */
export function commitEgress(input: Pick<RepositoryInput, 'connection' | 'owner' | 'repo'>): EgressRule[] {
  const { connection } = input;
  return ['trees', 'commits'].map((each) => ({
    ...{ connection, method: 'POST', path: `${pathOf(input)}/git/${each}` },
  }));
}

/** Whether a step made the commit; without a key, whether any step of Reign did. */
export async function isCommitOf(
  github: Octokit,
  input: RepositoryInput,
  commit: string,
  idempotencyKey?: string,
): Promise<boolean> {
  const asked = { ...placeOf(input), commit_sha: commit };
  const { message } = await said(github.git.getCommit(asked), `commit ${commit} of ${nameOf(input)}`);
  if (idempotencyKey === undefined) return /^Reign-Step: \S+$/m.test(message);
  return message.split('\n').includes(trailerOf(idempotencyKey));
}

function trailerOf(idempotencyKey: string): string {
  return `Reign-Step: ${idempotencyKey}`;
}
