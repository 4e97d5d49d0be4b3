import type { Tool } from '../../domain/operation.ts';
import { addWorkflow } from './add_workflow.ts';
import { approveDeployment } from './approve_deployment.ts';
import { cancel } from './cancel.ts';
import { dispatch } from './dispatch.ts';
import { generate } from './generate.ts';
import { rerun } from './rerun.ts';
import { startRepo } from './start_repo.ts';
import { status } from './status.ts';

/** Workflows of GitHub Actions. */
export const cicd: Tool = {
  name: 'cicd',
  summary: 'Writes workflows; looks at, starts, repeats and cancels runs of workflows.',
  operations: [generate, startRepo, addWorkflow, status, dispatch, rerun, cancel, approveDeployment],
};
