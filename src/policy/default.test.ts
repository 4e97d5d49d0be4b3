import { expect, test } from 'vitest';
import { act, person, stagingAct } from './fixtures.ts';
import { loadPolicy } from './load.ts';
import { readPolicyFiles } from './package-files.ts';

const policy = loadPolicy({ files: readPolicyFiles(['default']) });
const alice = person('alice', 'operator');
const bob = person('bob', 'lead');
const root = person('root', 'admin');
const dave = person('dave', 'viewer');
const erin = person('erin', 'operator@staging');

const oneLead = { quorum: 1, roles: ['lead', 'admin'], notAuthor: true, expiresAfterSeconds: 14_400 };
const twoLeads = { ...oneLead, quorum: 2 };
const confirmed = {
  quorum: 1,
  roles: ['operator', 'lead', 'admin'],
  notAuthor: false,
  expiresAfterSeconds: 14_400,
};

test.each([
  ['a viewer reads', act({ effect: 'read' }), dave, { kind: 'allow' }],
  ['reads need a role there', act({ effect: 'read' }), erin, { kind: 'deny' }],
  ['a viewer asks for a write', stagingAct(), dave, { kind: 'deny' }],
  ['a write outside production', stagingAct(), erin, { kind: 'ask', ask: confirmed }],
  ['code outside production', stagingAct({ effect: 'run-code' }), erin, { kind: 'ask', ask: confirmed }],
  ['a production write', act(), alice, { kind: 'ask', ask: oneLead }],
  ['a production write by an admin', act(), root, { kind: 'ask', ask: oneLead }],
  ['a role for staging in production', act(), erin, { kind: 'deny' }],
  ['one production deletion', act({ effect: 'delete' }), alice, { kind: 'ask', ask: oneLead }],
  ['two production deletions', act({ effect: 'delete', objects: 2 }), alice, { kind: 'ask', ask: twoLeads }],
  ['production code', act({ effect: 'run-code' }), alice, { kind: 'ask', ask: twoLeads }],
])('%s', (_, what, who, expected) => {
  expect(policy.judge(what, [who])).toMatchObject(expected);
});

test('an unresolved environment counts as production, whatever the act says of its tier', () => {
  const lost = act({ environment: undefined, place: 'staging/shop', tier: 'nonproduction' });
  expect(policy.judge(lost, [alice])).toMatchObject({ kind: 'ask', ask: oneLead });
  expect(policy.judge(lost, [erin])).toMatchObject({ kind: 'deny' });
});

test('a place outside the environment lends no rights', () => {
  expect(policy.judge(act({ place: 'staging/shop' }), [erin])).toMatchObject({ kind: 'deny' });
});

test('the rights of several authors are what all of them have', () => {
  expect(policy.judge(stagingAct(), [alice, dave])).toEqual({
    kind: 'deny',
    reason:
      'no policy lets dave, who is a viewer there, do kubernetes.scale in staging: an operator there may',
  });
  expect(policy.judge(stagingAct(), [alice, bob])).toMatchObject({ kind: 'ask', ask: confirmed });
  expect(policy.judge(stagingAct(), [])).toMatchObject({ kind: 'deny' });
});

test('a plan needs what its strictest step needs', () => {
  expect(policy.judgePlan([stagingAct(), act({ effect: 'read' })], [alice])).toMatchObject({
    outcome: 'go',
    approval: { kind: 'ask', ...confirmed },
  });
  expect(policy.judgePlan([stagingAct(), act(), act({ effect: 'run-code' })], [alice])).toEqual({
    outcome: 'go',
    approval: {
      kind: 'ask',
      reason: 'Code in production needs two leads who did not write this plan',
      ...twoLeads,
    },
  });
  expect(policy.judgePlan([stagingAct(), act()], [erin])).toMatchObject({ outcome: 'deny' });
  expect(policy.judgePlan([act({ effect: 'read' })], [dave])).toMatchObject({
    outcome: 'go',
    approval: { kind: 'none' },
  });
  expect(policy.judgePlan([], [alice])).toMatchObject({ outcome: 'deny' });
});

test('who may approve, and why not', () => {
  const approval = { kind: 'ask', reason: 'production', ...oneLead } as const;
  const asked = { ...approval, roles: ['lead', 'admin'] as const };
  expect(policy.mayApprove(act(), bob, asked)).toEqual({ ok: true });
  expect(policy.mayApprove(act(), root, asked)).toEqual({ ok: true });
  expect(policy.mayApprove(act(), alice, asked)).toEqual({
    ok: false,
    reason: 'Writes in production need a lead who did not write this plan; alice is an operator there.',
  });
  expect(policy.mayApprove(act(), person('lea', 'lead@staging'), asked)).toMatchObject({ ok: false });
  expect(policy.mayApprove(act(), person('nina', 'lead@production/shop'), asked)).toEqual({ ok: true });
  expect(policy.mayApprove(act(), bob, { kind: 'none', reason: 'it reads' })).toMatchObject({ ok: false });
});

test('an approval that names too low a role is still held against the rules for approve', () => {
  const asked = {
    kind: 'ask',
    reason: '',
    ...oneLead,
    roles: ['operator', 'lead', 'admin'] as const,
  } as const;
  expect(policy.mayApprove(act(), alice, asked)).toEqual({
    ok: false,
    reason:
      'no policy lets alice, who is an operator there, approve kubernetes.scale in production: a lead there may',
  });
});

test('what Cedar cannot read is denied', () => {
  expect(policy.judge(act({ objects: Number.NaN }), [bob])).toMatchObject({ kind: 'deny' });
  expect(policy.judge(act({ effect: 'format' as never }), [bob])).toEqual({
    kind: 'deny',
    reason: expect.stringContaining('policy could not be evaluated'),
  });
});
