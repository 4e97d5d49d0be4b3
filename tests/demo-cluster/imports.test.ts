import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const room = resolve(import.meta.dirname, '../../src/demo-cluster');
const allowedPackages = ['ws', 'zod', 'fast-json-patch'];

test('the room imports nothing of the rest of the project', () => {
  const files = readdirSync(room, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  expect(files.length).toBeGreaterThan(20);
  for (const file of files) {
    const text = readFileSync(join(room, file), 'utf8');
    const isTest = file.endsWith('.test.ts');
    const statements = text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)'|\bimport\('([^']+)'\)/gm);
    for (const [, named, dynamic] of statements) {
      const from = named ?? dynamic ?? '';
      const isInside = from.startsWith('.') && resolve(room, dirname(file), from).startsWith(room);
      const isBuiltin = from.startsWith('node:') && builtinModules.includes(from.slice(5));
      const isAllowed = allowedPackages.includes(from) || (isTest && ['vitest', 'fast-check'].includes(from));
      expect(isInside || isBuiltin || isAllowed, `${file} imports ${from}`).toBe(true);
    }
  }
});
