import { deployWorkflow, imageWorkflow } from './delivery.ts';
import { languageJob } from './languages.ts';
import type { Recipe } from './recipe.ts';

/**
 * The text of a workflow: actions pinned by commit, no more permissions than it needs, one run at a time for each
 * branch, and a limit of time for each job.
 */
export function writeWorkflow(recipe: Recipe): string {
  switch (recipe.kind) {
    case 'docker':
      return imageWorkflow(recipe);
    case 'helm':
      return deployWorkflow(recipe);
    default:
      return languageWorkflow(recipe, languageJob(recipe));
  }
}

function languageWorkflow({ kind, branch }: Recipe, job: string): string {
  return `name: ${kind === 'terraform' ? 'terraform' : 'ci'}

on:
  push:
    branches: [${branch}]
  pull_request:

permissions:
  contents: read

concurrency:
  group: \${{ github.workflow }}-\${{ github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}

jobs:
${job}`;
}
