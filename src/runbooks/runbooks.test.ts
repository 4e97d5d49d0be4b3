import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fillRunbook, type Runbook } from '../domain/runbook.ts';
import { createCatalogue, tools } from '../tools/registry.ts';
import { loadRunbooks, readRunbook } from './index.ts';

const catalogue = createCatalogue(tools).all;
const shipped = loadRunbooks([], catalogue);
const named = (name: string) => shipped.find((each) => each.name === name) as Runbook;
const draftOf = (runbook: Runbook, given: object) => {
  const filled = fillRunbook(runbook, given as never);
  if (filled.kind === 'problems') throw new Error(filled.problems.join('; '));
  return filled.draft;
};

test('the shipped ones are sound, and each says how people ask for it', () => {
  expect(shipped.map(({ name }) => name)).toEqual([
    'backup-before-migration',
    'drain-node',
    'emergency-rollback',
    'restart-stuck-workloads',
    'rotate-image',
    'scale-for-traffic',
    'service-health-report',
  ]);
  for (const { examples } of shipped) expect(examples.length).toBeGreaterThanOrEqual(3);
});

describe('a runbook with its parameters', () => {
  test('takes defaults, leaves out what was not given, and steps that need it', () => {
    const { steps, onFailure } = draftOf(named('emergency-rollback'), {
      name: 'checkout',
      environment: 'production',
    });
    expect(onFailure).toBe('stop');
    expect(steps.map(({ key }) => key)).toEqual(['before', 'events', 'roll-back', 'after']);
    expect(steps[2]).toMatchObject({
      operation: 'kubernetes.rollback',
      request: { name: 'checkout', environment: 'production' },
      needs: ['before', 'events'],
    });
    expect(Object.keys(steps[2]?.request ?? {})).toEqual(['name', 'environment']);
  });

  test('keeps the type of what stands alone in a field', () => {
    const { steps } = draftOf(named('emergency-rollback'), {
      name: 'a',
      environment: 'e',
      revision: '7',
      url: 'http://x/',
    });
    expect(steps[2]?.request).toMatchObject({ revision: 7 });
    expect(steps.at(-1)).toMatchObject({ operation: 'monitoring.check', request: { url: 'http://x/' } });
  });

  test('goes over a list, one after the other, and what waits for the loop waits for all of it', () => {
    const { steps } = draftOf(named('rotate-image'), {
      names: 'web, cart',
      tag: '1.2',
      environment: 'staging',
    });
    expect(steps.map(({ key, needs }) => [key, needs])).toEqual([
      ['set-1', []],
      ['set-2', ['set-1']],
      ['status-1', ['set-1', 'set-2']],
      ['status-2', ['set-1', 'set-2']],
    ]);
    expect(steps[1]?.request).toEqual({ name: 'cart', tag: '1.2', environment: 'staging' });
  });

  test('leaves the items of what a read will find open', () => {
    const { steps } = draftOf(named('restart-stuck-workloads'), { environment: 'staging' });
    expect(steps[1]).toMatchObject({
      request: { name: '{{item.1}}', namespace: '{{item.0}}', environment: 'staging' },
      forEach: { from: 'pods', at: '/rows' },
    });
  });

  test.each([
    [{}, ['name is missing', 'environment is missing']],
    [{ name: 'a', environment: 'e', factor: 'much' }, ['factor: "much" is no number']],
    [
      { name: 'a', environment: 'e', colour: 'red' },
      [expect.stringContaining('it has no parameter "colour"')],
    ],
  ])('%j is told to be wrong', (given, problems) => {
    expect(fillRunbook(named('scale-for-traffic'), given)).toEqual({ kind: 'problems', problems });
  });
});

const wrong = (yaml: string) =>
  readRunbook(yaml, 'mine.yaml', catalogue).problems.map(({ line, message }) => `${line}: ${message}`);
const head = 'name: mine\nsummary: Something.\n';

describe('a file that is wrong is told with its line', () => {
  test.each([
    ['name: [', /^\d+: /],
    ['name: mine\nsummary: x\n', /steps/],
    [
      `${head}steps:\n  - { key: a, operation: kubernetes.explode }\n`,
      /^4: there is no operation kubernetes.explode/,
    ],
    [
      `${head}steps:\n  - key: a\n    operation: kubernetes.scale\n    request: { nam: web }\n`,
      /^6: kubernetes.scale: nam: .*nrecognized/,
    ],
    [
      `${head}steps:\n  - key: a\n    operation: kubernetes.scale\n    request:\n      replicas: many\n`,
      /^7: kubernetes.scale: replicas: /,
    ],
    [
      `${head}steps:\n  - { key: a, operation: kubernetes.list, needs: [b] }\n`,
      /needs "b", which is not there/,
    ],
    [
      `${head}steps:\n  - { key: a, operation: kubernetes.list, request: { kind: "{{kind}}" } }\n`,
      /^4: there is no parameter "kind"/,
    ],
    [
      `${head}parameters:\n  kind: { description: x }\nsteps:\n  - { key: a, operation: kubernetes.list }\n`,
      /^4: no step uses the parameter "kind"/,
    ],
    [
      `${head}steps:\n  - { key: a, operation: kubernetes.restart, request: { name: web } }\n  - { key: b, operation: kubernetes.list, when: { from: a, at: /x, equals: 1 } }\n`,
      /^5: "a" changes things: conditions and loops look at what reads find/,
    ],
    [
      `${head}steps:\n  - { key: a, operation: kubernetes.list }\n  - { key: b, operation: kubernetes.list, when: { from: a, at: /x } }\n`,
      /exactly one of equals/,
    ],
    [`${head}surprise: 1\nsteps:\n  - { key: a, operation: kubernetes.list }\n`, /surprise/],
  ])('%j', (yaml, words) => {
    expect(wrong(yaml).join('\n')).toMatch(words);
  });
});

test('a folder of one’s own adds runbooks, and may replace a shipped one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reign-runbooks-'));
  const own = `${head.replace('mine', 'service-health-report')}steps:\n  - { key: a, operation: kubernetes.list }\n`;
  writeFileSync(join(folder, 'own.yaml'), own);
  const all = loadRunbooks([folder], catalogue);
  expect(all).toHaveLength(shipped.length);
  expect(all.find(({ name }) => name === 'service-health-report')?.steps).toHaveLength(1);
  writeFileSync(join(folder, 'bad.yaml'), 'name: x\n');
  expect(() => loadRunbooks([folder], catalogue)).toThrow(/bad\.yaml:1: /);
  expect(() => loadRunbooks([join(folder, 'nowhere')], catalogue)).toThrow(/cannot be read/);
});

test('the example in docs/ is a sound runbook', () => {
  const text = readFileSync(new URL('../../docs/runbooks.md', import.meta.url), 'utf8');
  const block = /```yaml\n(# runbooks\/warm-up\.yaml[\s\S]*?)```/.exec(text)?.[1] ?? '';
  expect(readRunbook(block, 'docs/runbooks.md', catalogue)).toMatchObject({
    problems: [],
    runbook: { name: 'warm-up' },
  });
});
