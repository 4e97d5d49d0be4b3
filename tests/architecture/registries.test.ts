import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { adapters } from '../../adapters/registry.ts';
import { tools } from '../../src/tools/registry.ts';

const root = path.resolve(import.meta.dirname, '../..');

it('lists every tool folder, and nothing else', () => {
  expect(tools.map(({ name }) => name).sort()).toEqual(folders('src/tools'));
});

it('lists every adapter folder, and nothing else', () => {
  expect([...adapters].sort()).toEqual(folders('adapters'));
});

it('names each operation after its tool, with examples that fit its request', () => {
  for (const tool of tools) {
    for (const operation of tool.operations) {
      expect(operation.id.startsWith(`${tool.name}.`)).toBe(true);
      for (const { params } of operation.examples)
        expect(operation.request.safeParse(params).success).toBe(true);
    }
  }
});

function folders(below: string): string[] {
  return readdirSync(path.join(root, below), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
