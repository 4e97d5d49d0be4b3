import { all, type Octokit } from '../../github/client.ts';
import { hasMark } from '../../github/guarded-write.ts';
import { nameOf, placeOf, type RepositoryInput } from '../../github/repository.ts';

export type Pull = {
  number: number;
  state: string;
  body?: string | null | undefined;
  html_url: string;
  created_at: string;
  merged_at: string | null;
  head: { ref: string; sha: string };
};

type Proposed = RepositoryInput & { branch: string };

/** The pull request of a branch of Reign's own, the newest; with a key only the one that this step has opened. */
export async function pullOf(
  github: Octokit,
  input: Proposed,
  idempotencyKey?: string,
): Promise<Pull | undefined> {
  const { owner, branch } = input;
  const asked = { ...placeOf(input), head: `${owner}:${branch}`, state: 'all' as const };
  const pulls: Pull[] = await all((paging) => github.pulls.list({ ...asked, ...paging }), nameOf(input));
  return pulls
    .filter(({ head, body }) => {
      return head.ref === branch && (idempotencyKey === undefined || hasMark(body, idempotencyKey));
    })
    .sort((a, b) => b.number - a.number)[0];
}

/** "Pull request #5 (https://…)". */
export function pullInWords({ number, html_url }: Pull): string {
  return `Pull request #${number} (${html_url})`;
}
