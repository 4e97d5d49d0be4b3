import type { Tool } from '../../domain/operation.ts';
import { cancel } from './cancel.ts';
import { dispatch } from './dispatch.ts';
import { rerun } from './rerun.ts';
import { status } from './status.ts';

/** Workflows of GitHub Actions. */
export const cicd: Tool = {
  name: 'cicd',
  summary: 'Looks at, starts, repeats and cancels runs of workflows.',
  operations: [status, dispatch, rerun, cancel],
};
