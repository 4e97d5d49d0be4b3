import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { problemsOf } from './check-workflow.ts';
import { kindsIn, recipeFor } from './detect.ts';
import { kindOf, kinds, pathOfRecipe, type Recipe, usualRecipe } from './recipe.ts';
import { writeWorkflow } from './write-workflow.ts';

const tools: { [kind: string]: Recipe['tool'][] } = {
  node: ['npm', 'npm-unlocked', 'yarn', 'pnpm'],
  python: ['requirements', 'pyproject'],
  java: ['maven', 'gradle'],
};
const recipes = kinds.flatMap((kind) =>
  (tools[kind] ?? ['default']).map((tool): Recipe => ({ ...usualRecipe(kind), tool, folder: 'deploy/app' })),
);

describe.each(recipes.map((recipe) => [`${recipe.kind} with ${recipe.tool}`, recipe] as const))(
  '%s',
  (_, recipe) => {
    const content = writeWorkflow(recipe);

    test('is a workflow to GitHub’s own parser', async () => {
      const file = { name: pathOfRecipe(recipe), content };
      const { context, value } = parseWorkflow(file, new NoOperationTraceWriter());
      expect(context.errors.getErrors()).toEqual([]);
      if (value === undefined) throw new Error('not parsed');
      const template = await convertWorkflowTemplate(context, value);
      expect(template.errors ?? []).toEqual([]);
      expect(template.jobs.length).toBeGreaterThan(0);
    });

    test('keeps what Reign promises', () => {
      expect(problemsOf(content)).toEqual([]);
      const { concurrency } = parse(content) as { concurrency: { group: string } };
      expect(concurrency.group).toContain('github.workflow');
      for (const line of content.split('\n').filter((each) => each.includes('uses:')))
        expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    test('caches what can be cached', () => {
      const cached = recipe.tool === 'npm-unlocked' || recipe.kind === 'helm' || recipe.kind === 'go';
      if (!cached) expect(content).toMatch(/cache/);
    });
  },
);

test.each([
  ['on: push\njobs: {', 'it is no YAML'],
  ['- a', 'it is no mapping'],
  ['on: push\npermissions: {contents: read}\njobs: {}', 'it has no jobs'],
  [job('uses: actions/checkout@v4'), 'does not pin actions/checkout@v4'],
  [job('uses: ./.github/actions/mine'), 'does not pin ./.github'],
  [job(`run: echo ${expression('github.event.issue.title')}`), 'puts github.event into a script'],
  [job(`run: echo ${expression('secrets.TOKEN')}`), 'puts secrets into a script'],
  [job('run: echo').replace('contents: read', 'contents: write'), 'more permissions'],
  [job('run: echo').replace('timeout-minutes: 5', 'name: b'), 'no limit of time'],
])('%j: %s', (text, problem) => {
  expect(problemsOf(text).join()).toContain(problem);
});

function expression(text: string): string {
  return `\${{ ${text} }}`;
}

function job(step: string): string {
  const jobs = `jobs:\n  a:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n    steps:\n      - ${step}\n`;
  return `on: push\npermissions:\n  contents: read\n${jobs}`;
}

test('files say what a repository is, and how it is built', () => {
  const paths = [
    'package.json',
    'pnpm-lock.yaml',
    'Dockerfile',
    'charts/web/Chart.yaml',
    'infra/main.tf',
    'a/b/c/d/go.mod',
  ];
  expect(kindsIn(paths)).toEqual(['node', 'docker', 'terraform', 'helm']);
  expect(recipeFor('node', paths, 'Web.App', 'main')).toMatchObject({
    tool: 'pnpm',
    name: 'web-app',
    folder: '.',
  });
  expect(recipeFor('helm', paths, 'web', 'trunk')).toMatchObject({ folder: 'charts/web', branch: 'trunk' });
  expect(recipeFor('python', ['pyproject.toml'], 'x', 'main').tool).toBe('pyproject');
  expect(recipeFor('java', ['build.gradle.kts'], 'x', 'main').tool).toBe('gradle');
  expect(kindsIn([])).toEqual([]);
});

test('people’s words for languages are understood, others are not', () => {
  expect(['Golang', 'node.js', 'TypeScript', 'helm chart', 'rust'].map(kindOf)).toEqual([
    'go',
    'node',
    'node',
    'helm',
    'rust',
  ]);
  expect(kindOf('cobol')).toBeUndefined();
});
