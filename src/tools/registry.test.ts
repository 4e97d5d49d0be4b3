import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkTool, declarationProblems } from './conformance.ts';
import { createCatalogue, tools } from './registry.ts';

/** What people never ask for by its name. */
const notAskedFor = new Set(['reign.noop', 'gitops.propose']);
const operations = tools.flatMap(({ operations }) => operations);

test('every folder is a tool of the registry, and every tool has a folder of its name', () => {
  const folders = readdirSync(new URL('.', import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(tools.map(({ name }) => name).sort()).toEqual(folders.sort());
});

test('every operation stands in the file of its verb', () => {
  for (const tool of tools) {
    const files = readdirSync(new URL(`${tool.name}/`, import.meta.url));
    for (const { id } of tool.operations) expect(files).toContain(`${id.split('.')[1]}.ts`);
  }
});

test('an operation is found by its id, and two of one id are refused', () => {
  const catalogue = createCatalogue(tools);
  expect(catalogue.find('kubernetes.scale')?.summary).toContain('replica count');
  expect(catalogue.find('kubernetes.explode')).toBeUndefined();
  expect(() => createCatalogue([...tools, ...tools.slice(0, 1)])).toThrow('Two operations');
});

test.each(operations.map((operation) => [operation.id, operation] as const))(
  '%s: examples parse, ids and effects agree',
  (id, operation) => {
    expect(declarationProblems(operation, notAskedFor.has(id) ? 0 : 12)).toEqual([]);
  },
);

test('what `reign tools check` makes up finds nothing wrong, and says where it could make up nothing', () => {
  const checked = tools.flatMap((tool) => checkTool(tool, 0));
  expect(checked.filter(({ problems }) => problems.length > 0)).toEqual([]);
  expect(checked.filter(({ tried }) => tried === 0).map(({ id }) => id)).toEqual(['cicd.add_workflow']);
});
