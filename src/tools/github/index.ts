import type { Tool } from '../../domain/operation.ts';
import { comment } from './comment.ts';
import { commit } from './commit.ts';
import { compare } from './compare.ts';
import { createBranch } from './create_branch.ts';
import { createIssue } from './create_issue.ts';
import { createPr } from './create_pr.ts';
import { createRelease } from './create_release.ts';
import { createRepo } from './create_repo.ts';
import { listPrs } from './list_prs.ts';
import { listReleases } from './list_releases.ts';
import { mergePr } from './merge_pr.ts';
import { protectBranch } from './protect_branch.ts';
import { reviews } from './reviews.ts';

/** Repositories on GitHub. */
export const github: Tool = {
  name: 'github',
  summary: 'Looks at and changes repositories: branches, pull requests, issues, releases.',
  operations: [
    createRepo,
    createBranch,
    commit,
    protectBranch,
    listPrs,
    createPr,
    reviews,
    mergePr,
    createIssue,
    comment,
    listReleases,
    createRelease,
    compare,
  ],
};
