import { createPatch } from 'diff';
import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import {
  locateRepository,
  nameOf,
  openRepository,
  repositoryInput,
  targetOf,
} from '../../github/repository.ts';
import { problemsOf } from './check-workflow.ts';
import { chooseRecipe, textOf } from './choose-recipe.ts';
import { examples } from './generate.examples.ts';
import { pathOfRecipe, type Recipe, recipe } from './recipe.ts';
import { writeWorkflow } from './write-workflow.ts';

export const generate = defineOperation({
  ...readParts,
  id: 'cicd.generate',
  version: 1,
  summary: 'Writes a GitHub Actions workflow as text.',
  request: z.strictObject({ language: z.string().optional(), repo: z.string().optional() }),
  input: z.strictObject({ recipe, repository: repositoryInput.nullable() }),
  output: z.object({ path: z.string(), content: z.string(), previous: z.string().nullable() }),
  examples,
  connections: ['github'],
  async resolve(request, reader) {
    const named = (request.repo?.trim() ?? '') !== '';
    const located = named ? await locateRepository(request, reader, 'write a workflow for') : undefined;
    if (located !== undefined && located.kind !== 'located') return located;
    const chosen = await chooseRecipe(request.language, located);
    if (chosen.kind !== 'recipe') return chosen;
    return { kind: 'input', input: { recipe: chosen.recipe, repository: located?.at ?? null } };
  },
  assess: ({ repository }) => ({
    effect: 'read',
    targets: repository === null ? [] : [targetOf(repository)],
    ...(repository === null ? {} : { environment: repository.environment, place: repository.environment }),
    objects: 0,
    reasons: [],
  }),
  describe: ({ recipe, repository }) => ({
    title: `Write a workflow for ${recipe.kind}${repository === null ? '' : ` in ${nameOf(repository)}`}`,
  }),
  async execute({ recipe, repository }, reader) {
    const path = pathOfRecipe(recipe);
    const content = checkedWorkflow(recipe);
    if (repository === null) return { path, content, previous: null };
    const { github } = await openRepository(reader, repository);
    return { path, content, previous: (await textOf(github, repository, path, recipe.branch)) ?? null };
  },
  render({ path, content, previous }, { recipe, repository }) {
    if (previous === content) return { kind: 'text', text: `${path} is exactly so already.` };
    const shown = previous === null ? content : createPatch(path, previous, content);
    const commit =
      repository === null
        ? `Save it as ${path}.`
        : `To propose it: “add a ${recipe.kind} workflow to ${nameOf(repository)} with a pull request”.`;
    const note =
      previous === null ? commit : `${path} is there already; these are the differences. ${commit}`;
    return { kind: 'lines', lines: shown.trimEnd().split('\n'), note };
  },
});

/** @throws FaultError `internal` for a workflow that does not keep what Reign promises of those it writes. */
export function checkedWorkflow(recipe: Recipe): string {
  const content = writeWorkflow(recipe);
  const problems = problemsOf(content);
  if (problems.length === 0) return content;
  throw new FaultError(
    'internal',
    `The workflow for ${recipe.kind} is not as it must be: ${problems.join('; ')}.`,
  );
}
