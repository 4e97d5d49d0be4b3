import type { Octokit } from '../../github/client.ts';
import { said } from '../../github/client.ts';
import { nameOf, placeOf, type RepositoryInput } from '../../github/repository.ts';
import { type Kind, kinds, type Recipe, usualRecipe } from './recipe.ts';

/** The paths of all files at a commit. */
export async function pathsAt(github: Octokit, input: RepositoryInput, commit: string): Promise<string[]> {
  const asked = { ...placeOf(input), tree_sha: commit, recursive: '1' };
  const { tree } = await said(github.git.getTree(asked), `files of ${nameOf(input)}`);
  return tree.flatMap(({ type, path }) => (type === 'blob' && path !== undefined ? [path] : []));
}

const signs: Record<Kind, RegExp> = {
  node: /^package\.json$/,
  python: /^(pyproject\.toml|requirements\.txt|setup\.py)$/,
  go: /^go\.mod$/,
  java: /^(pom\.xml|build\.gradle(\.kts)?)$/,
  rust: /^Cargo\.toml$/,
  docker: /^Dockerfile$/,
  terraform: /^([\w-]+\/){0,2}[\w-]+\.tf$/,
  helm: /^([\w.-]+\/){0,2}Chart\.yaml$/,
};

/** What a repository is written in, by its files. */
export function kindsIn(paths: readonly string[]): Kind[] {
  return kinds.filter((kind) => paths.some((path) => signs[kind].test(path)));
}

/** The recipe that fits a repository's files. */
export function recipeFor(kind: Kind, paths: readonly string[], repo: string, branch: string): Recipe {
  const [sign = ''] = paths
    .filter((path) => signs[kind].test(path))
    .sort((a, b) => a.split('/').length - b.split('/').length);
  const folder = sign.split('/').slice(0, -1).join('/') || '.';
  const name =
    repo
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'app';
  return { ...usualRecipe(kind), branch, folder, name, tool: toolFor(kind, new Set(paths)) };
}

function toolFor(kind: Kind, paths: ReadonlySet<string>): Recipe['tool'] {
  const usual = usualRecipe(kind).tool;
  if (kind === 'node') {
    if (paths.has('pnpm-lock.yaml')) return 'pnpm';
    if (paths.has('yarn.lock')) return 'yarn';
    return paths.has('package-lock.json') ? 'npm' : 'npm-unlocked';
  }
  if (kind === 'python') return paths.has('requirements.txt') ? 'requirements' : 'pyproject';
  if (kind === 'java') return paths.has('pom.xml') ? 'maven' : 'gradle';
  return usual;
}
