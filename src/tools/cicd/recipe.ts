import { z } from 'zod';

export const kinds = ['node', 'python', 'go', 'java', 'rust', 'docker', 'terraform', 'helm'] as const;
export type Kind = (typeof kinds)[number];

/** Everything that a workflow is written from. */
export const recipe = z.strictObject({
  kind: z.enum(kinds),
  /** The branch that it watches or is released from. */
  branch: z.string().regex(/^[\w./+@-]+$/),
  /** What builds it: a package manager or build tool, where there are several. */
  tool: z.enum([
    'npm',
    'npm-unlocked',
    'yarn',
    'pnpm',
    'requirements',
    'pyproject',
    'maven',
    'gradle',
    'default',
  ]),
  /** Where the chart or the configuration is, below the repository. */
  folder: z.string().regex(/^[\w.-][\w./-]*$/),
  /** What a release is called. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
});
export type Recipe = z.infer<typeof recipe>;

const usualTool: Record<Kind, Recipe['tool']> = {
  node: 'npm',
  python: 'requirements',
  go: 'default',
  java: 'maven',
  rust: 'default',
  docker: 'default',
  terraform: 'default',
  helm: 'default',
};

/** What a recipe is where nothing is known of the repository. */
export function usualRecipe(kind: Kind): Recipe {
  return { kind, branch: 'main', tool: usualTool[kind], folder: '.', name: 'app' };
}

const words: { [word: string]: Kind } = {
  nodejs: 'node',
  'node.js': 'node',
  javascript: 'node',
  typescript: 'node',
  js: 'node',
  ts: 'node',
  npm: 'node',
  react: 'node',
  py: 'python',
  golang: 'go',
  maven: 'java',
  gradle: 'java',
  kotlin: 'java',
  spring: 'java',
  cargo: 'rust',
  image: 'docker',
  'docker image': 'docker',
  dockerfile: 'docker',
  container: 'docker',
  tf: 'terraform',
  chart: 'helm',
  'helm chart': 'helm',
  'helm deploy': 'helm',
};

/** The kind that a person's word means; undefined for what nothing is written for. */
export function kindOf(word: string): Kind | undefined {
  const plain = word.trim().toLowerCase();
  return kinds.find((kind) => kind === plain) ?? words[plain];
}

/** Where the workflow is put. */
export function pathOfRecipe({ kind }: Pick<Recipe, 'kind'>): string {
  const names: Partial<Record<Kind, string>> = { docker: 'image', terraform: 'terraform', helm: 'deploy' };
  return `.github/workflows/${names[kind] ?? 'ci'}.yml`;
}
