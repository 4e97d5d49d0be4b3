import type { Tool } from '../../domain/operation.ts';
import { createIssue } from './create_issue.ts';
import { createPr } from './create_pr.ts';
import { createRelease } from './create_release.ts';
import { createRepo } from './create_repo.ts';
import { listPrs } from './list_prs.ts';
import { mergePr } from './merge_pr.ts';

/** Repositories on GitHub. */
export const github: Tool = {
  name: 'github',
  summary: 'Looks at and changes repositories: pull requests, issues, releases.',
  operations: [createRepo, listPrs, createPr, mergePr, createIssue, createRelease],
};
