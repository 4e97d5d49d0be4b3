import type { QuestionOption } from '../../domain/operation.ts';
import { found, type Octokit } from '../../github/client.ts';
import {
  headOf,
  type Located,
  nameOf,
  placeOf,
  type RepositoryInput,
  type Unlocated,
} from '../../github/repository.ts';
import { kindsIn, pathsAt, recipeFor } from './detect.ts';
import { type Kind, kindOf, kinds, type Recipe, usualRecipe } from './recipe.ts';

type Chosen = { kind: 'recipe'; recipe: Recipe } | Unlocated;

/** What to write a workflow from: a language, and what a repository's files say, where one is named. */
export async function chooseRecipe(
  language: string | undefined,
  located: Located | undefined,
): Promise<Chosen> {
  const word = language?.trim() ?? '';
  const kind = word === '' ? undefined : kindOf(word);
  if (word !== '' && kind === undefined) {
    const reason = `No workflow is written for ${word}; there are: ${kinds.join(', ')}.`;
    return { kind: 'impossible', reason };
  }
  if (located === undefined)
    return kind === undefined ? ask(kinds) : { kind: 'recipe', recipe: usualRecipe(kind) };
  const { at, github, repository } = located;
  const branch = repository.default_branch;
  const head = await headOf(github, at, branch);
  const paths = head === undefined ? [] : await pathsAt(github, at, head);
  const seen = kindsIn(paths);
  const [only, ...others] = seen;
  const chosen = kind ?? (others.length === 0 ? only : undefined);
  if (chosen === undefined) return ask(seen.length > 0 ? seen : kinds);
  const recipe = recipeFor(chosen, paths, at.repo, branch);
  return { kind: 'recipe', recipe: paths.length === 0 ? { ...usualRecipe(chosen), branch } : recipe };
}

/** The text of a file on a branch; undefined where there is none. */
export async function textOf(
  github: Octokit,
  input: RepositoryInput,
  path: string,
  ref: string,
): Promise<string | undefined> {
  const asked = { ...placeOf(input), path, ref };
  const content = await found(github.repos.getContent(asked), `${path} in ${nameOf(input)}`);
  if (content === undefined || Array.isArray(content) || !('content' in content)) return undefined;
  return Buffer.from(content.content, 'base64').toString('utf8');
}

function ask(choices: readonly Kind[]): Unlocated {
  const options = choices.map((language): QuestionOption => ({ label: language, patch: { language } }));
  return {
    kind: 'question',
    question: { text: 'What shall the workflow build?', field: 'language', options },
  };
}
