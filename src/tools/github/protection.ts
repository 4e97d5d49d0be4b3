import { found, type Octokit } from '../../github/client.ts';
import { nameOf, placeOf, type RepositoryInput } from '../../github/repository.ts';

/** What a branch asks of those who change it; null where it asks nothing. */
export type Protection = {
  approvals: number;
  checks: string[];
  admins: boolean;
  forcePushes: boolean;
  deletions: boolean;
} | null;

/** Reads it; needs a token that may administer the repository. */
export async function protectionOf(
  github: Octokit,
  input: RepositoryInput,
  branch: string,
): Promise<Protection> {
  const what = `the protection of ${branch} in ${nameOf(input)}`;
  const live = await found(github.repos.getBranchProtection({ ...placeOf(input), branch }), what);
  if (live === undefined) return null;
  return {
    approvals: live.required_pull_request_reviews?.required_approving_review_count ?? 0,
    checks: [...(live.required_status_checks?.contexts ?? [])].sort(),
    admins: live.enforce_admins?.enabled === true,
    forcePushes: live.allow_force_pushes?.enabled === true,
    deletions: live.allow_deletions?.enabled === true,
  };
}

/** How a branch is protected once so many approvals are asked for; what it asked for besides stays. */
export function protectedBy(before: Protection, approvals: number): NonNullable<Protection> {
  if (before !== null) return { ...before, approvals };
  return { approvals, checks: [], admins: true, forcePushes: false, deletions: false };
}

/** The settings that a branch without any gets. */
export function freshSettings(approvals: number) {
  return {
    required_status_checks: null,
    enforce_admins: true,
    required_pull_request_reviews: {
      required_approving_review_count: approvals,
      dismiss_stale_reviews: true,
    },
    restrictions: null,
    allow_force_pushes: false,
    allow_deletions: false,
  };
}
