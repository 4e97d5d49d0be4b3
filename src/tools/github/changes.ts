import { clip } from '../../domain/text.ts';
import { type Octokit, said } from '../../github/client.ts';
import { nameOf, placeOf, type RepositoryInput } from '../../github/repository.ts';

/** What lies between two commits, as previews and answers show it. */
export type Changes = {
  ahead: number;
  behind: number;
  /** The newest, 50 at most. */
  commits: string[];
  /** 100 at most. */
  files: string[];
  moreFiles: number;
};

/** What `head` has that `base` has not; both are branches, tags or commits. */
export async function changesBetween(
  github: Octokit,
  input: RepositoryInput,
  base: string,
  head: string,
): Promise<Changes> {
  const asked = { ...placeOf(input), basehead: `${base}...${head}` };
  const what = `${base}...${head} of ${nameOf(input)}`;
  const compared = await said(github.repos.compareCommitsWithBasehead(asked), what);
  const files = compared.files ?? [];
  return {
    ahead: compared.ahead_by,
    behind: compared.behind_by,
    commits: compared.commits
      .slice(-50)
      .map(({ sha, commit }) => `${sha.slice(0, 7)} ${clip(firstLine(commit.message), 100)}`),
    files: files.slice(0, 100).map(({ filename, status, additions, deletions }) => {
      const count = `+${additions} −${deletions}`;
      return `${filename} (${status}, ${count})`;
    }),
    moreFiles: Math.max(0, files.length - 100),
  };
}

export function firstLine(text: string): string {
  return text.split('\n')[0]?.trim() ?? '';
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
