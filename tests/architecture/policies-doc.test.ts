import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { act, person, stagingAct } from '../../src/policy/fixtures.ts';
import { loadPolicy, type PolicyFile, readPolicyFiles } from '../../src/policy/index.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/policies.md'), 'utf8');
const examples: PolicyFile[] = [...page.matchAll(/^```cedar\n([\s\S]*?)^```$/gm)].map(([, text = '']) => ({
  path: /@id\("([^"]+)"\)/.exec(text)?.[1] ?? '',
  text,
}));
const shipped = readPolicyFiles(['default']);
/** The shipped rules with the examples of these names. */
const withExamples = (...ids: string[]) =>
  loadPolicy({ files: [...shipped, ...examples.filter(({ path }) => ids.includes(path))] });

const alice = person('alice', 'operator');
const vic = person('vic', 'viewer');
const root = person('root', 'admin');

test('all examples of docs/policies.md load together with the shipped rules', () => {
  expect(examples).toHaveLength(6);
  expect(() => loadPolicy({ files: [...shipped, ...examples] })).not.toThrow();
});

test('an allow beside the shipped ask does not lift it, in its place it does', () => {
  const id = 'scaling-in-staging-runs';
  expect(withExamples(id).judge(stagingAct(), [alice])).toMatchObject({ kind: 'ask' });
  const [rules] = shipped;
  const own = rules?.text.replace(
    'when { context.effect != Effect::"read" && context.tier == Tier::"nonproduction" }',
    'when { resource != Operation::"kubernetes.scale" && context.effect != Effect::"read" && context.tier == Tier::"nonproduction" }',
  );
  expect(own).not.toBe(rules?.text);
  const files = [{ path: 'own', text: own ?? '' }, ...examples.filter(({ path }) => path === id)];
  const policy = loadPolicy({ files });
  expect(policy.judge(stagingAct(), [alice])).toMatchObject({ kind: 'allow' });
  const restart = stagingAct({ operation: 'kubernetes.restart' });
  expect(policy.judge(restart, [alice])).toMatchObject({ kind: 'ask' });
});

test('a namespace of its own quorum', () => {
  const policy = withExamples('payments-needs-two-leads');
  const there = act({ place: 'production/payments' });
  expect(policy.judge(there, [alice])).toMatchObject({ ask: { quorum: 2, expiresAfterSeconds: 3600 } });
  expect(policy.judge(act(), [alice])).toMatchObject({ ask: { quorum: 1 } });
});

test('what nobody may', () => {
  const policy = withExamples('no-destroy-in-production');
  const destroy = act({ operation: 'terraform.destroy', effect: 'delete' });
  expect(policy.judge(destroy, [root])).toMatchObject({
    kind: 'deny',
    reason: expect.stringContaining('destroyed by hand only'),
  });
  const staging = stagingAct({ operation: 'terraform.destroy', effect: 'delete' });
  expect(policy.judge(staging, [alice])).toMatchObject({ kind: 'ask' });
});

test('a tool for admins, and a read for operators', () => {
  const policy = withExamples('shell-is-for-admins', 'manifests-of-production-are-for-operators');
  const script = stagingAct({ operation: 'shell.run', effect: 'run-code' });
  expect(policy.judge(script, [alice])).toMatchObject({ kind: 'deny' });
  expect(policy.judge(script, [root])).toMatchObject({ kind: 'ask' });
  const manifest = { operation: 'kubernetes.get', effect: 'read' as const };
  expect(policy.judge(act(manifest), [vic])).toMatchObject({ kind: 'deny' });
  expect(policy.judge(act(manifest), [alice])).toMatchObject({ kind: 'allow' });
  expect(policy.judge(stagingAct(manifest), [vic])).toMatchObject({ kind: 'allow' });
});

test('many objects need a higher role', () => {
  const policy = withExamples('bulk-needs-an-admin');
  expect(policy.judge(stagingAct({ objects: 11 }), [alice])).toMatchObject({ ask: { roles: ['admin'] } });
  expect(policy.judge(stagingAct({ objects: 10 }), [alice])).toMatchObject({ ask: { notAuthor: false } });
});
