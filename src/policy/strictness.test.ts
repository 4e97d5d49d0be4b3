import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Role } from '../domain/person.ts';
import { act, person, stagingAct } from './fixtures.ts';
import { loadPolicy } from './load.ts';
import { defaultPolicyText } from './package-files.ts';

const shipped = { path: 'default.cedar', text: defaultPolicyText() };
const roles: Role[] = ['viewer', 'operator', 'lead', 'admin'];
const writes = ['create', 'update', 'delete', 'run-code'] as const;

const scope = fc.constantFrom('principal', 'principal in Role::"viewer"', 'principal == Person::"alice"');
const action = fc.constantFrom(
  'action',
  'action == Action::"execute"',
  'action in [Action::"request", Action::"execute"]',
);
const resource = fc.constantFrom(
  'resource',
  'resource in Tool::"kubernetes"',
  'resource == Operation::"kubernetes.scale"',
);
const condition = fc.constantFrom(
  '',
  ' when { context.objects >= 0 }',
  ' when { context has environment && context.environment == "production" }',
  ' unless { context.tier == Tier::"nonproduction" }',
);
const needs = fc.oneof(
  fc.constant('@outcome("allow")'),
  fc
    .tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom('operator', 'lead', 'admin'),
      fc.constantFrom('yes', 'no'),
      fc.integer({ min: 1, max: 99 }),
    )
    .map(
      ([quorum, role, author, hours]) =>
        `@outcome("ask") @quorum("${quorum}") @roles("${role}") @author("${author}") @expires("${hours}h")`,
    ),
);
const permit = fc
  .tuple(needs, scope, action, resource, condition)
  .map(([needs, who, what, which, when]) => `${needs} permit (${who}, ${what}, ${which})${when};`);

const anyAct = fc.record({
  effect: fc.constantFrom(...writes),
  objects: fc.integer({ min: 0, max: 50 }),
  environment: fc.constantFrom('production', undefined),
  operation: fc.constantFrom('kubernetes.scale', 'shell.run'),
});

test('no further permit, in any order, makes a production write run without a lead who is no author', () => {
  fc.assert(
    fc.property(
      fc.array(permit, { maxLength: 5 }),
      fc.boolean(),
      anyAct,
      fc.constantFrom(...roles),
      (permits, first, changes, role) => {
        const added = { path: 'added.cedar', text: permits.join('\n') };
        const policy = loadPolicy({ files: first ? [added, shipped] : [shipped, added] });
        const outcome = policy.judge(act(changes), [person('alice', role)]);
        if (outcome.kind === 'deny') return;
        expect(outcome.kind).toBe('ask');
        if (outcome.kind !== 'ask') return;
        expect(outcome.ask.quorum).toBeGreaterThanOrEqual(changes.effect === 'run-code' ? 2 : 1);
        expect(outcome.ask.notAuthor).toBe(true);
        expect(outcome.ask.roles).not.toContain('operator');
        expect(outcome.ask.roles.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 150 },
  );
});

test('the strictest rule wins, whatever the order and the files', () => {
  fc.assert(
    fc.property(
      fc
        .array(permit, { minLength: 1, maxLength: 6 })
        .chain((rules) =>
          fc.tuple(fc.constant(rules), fc.shuffledSubarray(rules, { minLength: rules.length })),
        ),
      ([rules, shuffled]) => {
        const asWritten = loadPolicy({ files: [shipped, { path: 'a', text: rules.join('\n') }] });
        const otherwise = loadPolicy({
          files: [...shuffled.map((text, index) => ({ path: `${index}`, text })), shipped],
        });
        for (const what of [act(), stagingAct(), stagingAct({ effect: 'read' })]) {
          const authors = [person('alice', 'operator')];
          expect(otherwise.judge(what, authors)).toEqual(asWritten.judge(what, authors));
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('asks are joined in every field and a forbid beats them all', () => {
  const text = `
    @outcome("ask") @quorum("3") @roles("operator") @author("yes") @expires("2d") @reason("three operators")
    permit (principal, action, resource);
    @outcome("ask") @quorum("1") @roles("admin") @author("no") @expires("30m") @reason("an admin")
    permit (principal, action, resource);
    @outcome("ask") @quorum("1") @roles("operator") @author("yes") @reason("surpassed")
    permit (principal, action, resource);`;
  const asked = loadPolicy({ files: [{ path: 'asks', text }] });
  expect(asked.judge(act(), [person('alice')])).toEqual({
    kind: 'ask',
    ask: { quorum: 3, roles: ['admin'], notAuthor: true, expiresAfterSeconds: 1800 },
    reason: 'an admin; three operators',
  });
  const forbid = '@reason("Payments are frozen") forbid (principal, action == Action::"execute", resource);';
  const forbidden = loadPolicy({ files: [{ path: 'asks', text: forbid + text }] });
  expect(forbidden.judge(act(), [person('alice')])).toEqual({ kind: 'deny', reason: 'Payments are frozen' });
});

test('a rule that fails denies, be it a forbid or a permit', () => {
  for (const effect of ['forbid', '@outcome("allow") permit']) {
    const failing = `@id("overflow") ${effect} (principal, action == Action::"execute", resource)
      when { context.objects * 9223372036854775807 > 0 };`;
    const policy = loadPolicy({ files: [shipped, { path: 'failing.cedar', text: failing }] });
    expect(policy.judge(stagingAct({ objects: 2 }), [person('alice', 'operator')])).toEqual({
      kind: 'deny',
      reason: expect.stringMatching(/^policy could not be evaluated.*overflow: integer overflow/),
    });
  }
});

test('a set without any rule denies everything', () => {
  const policy = loadPolicy({ files: [] });
  expect(policy.judge(act({ effect: 'read' }), [person('root', 'admin')])).toEqual({
    kind: 'deny',
    reason: 'no policy lets root, who is an admin there, do kubernetes.scale in production',
  });
});
