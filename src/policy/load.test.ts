import { expect, test } from 'vitest';
import { FaultError } from '../domain/fault.ts';
import { act, person } from './fixtures.ts';
import { checkPolicyFiles, loadPolicy } from './load.ts';
import { defaultPolicyPath, defaultPolicyText, readPolicyFiles } from './package-files.ts';
import { formatProblem, PolicyError } from './problem.ts';

const check = (text: string) => checkPolicyFiles([{ path: 'my.cedar', text }]).map(formatProblem);
const rule = (annotations: string, action = 'action == Action::"execute"') =>
  `${annotations} permit (principal, ${action}, resource);`.trim();

test('the shipped rules have no problem', () => {
  expect(checkPolicyFiles(readPolicyFiles(['default']))).toEqual([]);
  expect(defaultPolicyPath()).toMatch(/src[/\\]policy[/\\]default\.cedar$/);
});

test('a broken file is refused with its file, line and column', () => {
  const files = [
    { path: 'rules/broken.cedar', text: '// é\n@outcome("allow")\npermit (principal action);\n' },
  ];
  expect(() => loadPolicy({ files })).toThrow(PolicyError);
  expect(() => loadPolicy({ files })).toThrow(/rules\/broken\.cedar:3:19: unexpected token `action`/);
  try {
    loadPolicy({ files });
  } catch (error) {
    expect(error).toBeInstanceOf(FaultError);
    expect((error as PolicyError).problems[0]).toMatchObject({
      path: 'rules/broken.cedar',
      line: 3,
      column: 19,
    });
  }
});

test('all syntax errors of a file are told', () => {
  const problems = check('permit (principal action, resource);\nforbid (principal, action resource);\n');
  expect(problems).toEqual([
    expect.stringMatching(/^my\.cedar:\d:\d+: unexpected token/),
    expect.stringMatching(/^my\.cedar:\d:\d+: unexpected token/),
  ]);
});

test('what the schema does not know is refused, with what was meant', () => {
  expect(check(`${rule('@outcome("allow")')}\n\n${rule('', 'action == Action::"aprove"')}`)[0]).toMatch(
    /^my\.cedar:3:\d+: unrecognized action `Action::"aprove"`; did you mean `Action::"approve"`\?/,
  );
  expect(check('forbid (principal in Role::"leed", action, resource);')[0]).toContain(
    'valid entity eids: "viewer", "operator", "lead", "admin"',
  );
  expect(check('forbid (principal, action, resource) when { context.tier == "production" };')[0]).toMatch(
    /^my\.cedar:1:45: the types String and Tier are not compatible/,
  );
  expect(
    check('forbid (principal, action, resource) when { context.environment == "production" };'),
  ).toHaveLength(1);
});

test.each([
  ['', 'a permit that covers "execute" says what is needed'],
  ['@outcome("maybe")', 'a permit that covers "execute" says what is needed'],
  ['@outcome("allow") @quorum("2")', '@quorum means nothing here'],
  ['@outcome("ask")', '@roles("") names who may approve'],
  ['@outcome("ask") @roles("viewer")', '@roles("viewer") names who may approve'],
  ['@outcome("ask") @roles("toString")', '@roles("toString") names who may approve'],
  ['@outcome("ask") @roles("lead") @quorum("0")', '@quorum("0") is no number of people'],
  ['@outcome("ask") @roles("lead") @author("maybe")', '@author("maybe") says whether'],
  ['@outcome("ask") @roles("lead") @expires("soon")', '@expires("soon") is no time'],
  ['@outcome("ask") @roles("lead") @quorom("2")', '@quorom means nothing here'],
])('the annotations %s are refused at their line', (annotations, message) => {
  expect(check(`\n${rule(annotations)}`)).toEqual([expect.stringContaining(`my.cedar:2:1: ${message}`)]);
});

test('annotations of an outcome stand only where something is permitted to run', () => {
  expect(check('@outcome("allow") forbid (principal, action, resource);')).toHaveLength(1);
  expect(check(rule('@outcome("allow")', 'action == Action::"approve"'))).toHaveLength(1);
  expect(check(rule('', 'action in [Action::"request", Action::"approve"]'))).toEqual([]);
  expect(check(rule('', 'action in [Action::"request", Action::"execute"]'))).toHaveLength(1);
});

test('templates are refused, and a file without rules or with an impossible one is a warning', () => {
  expect(check('// rule\nforbid (principal == ?principal, action, resource);')).toEqual([
    expect.stringContaining('my.cedar:2:1: templates'),
  ]);
  expect(check('// nothing')).toEqual(['my.cedar:1:1: warning: there is no rule in this file']);
  const impossible = 'forbid (principal, action, resource) when { false };';
  expect(check(impossible)[0]).toContain('warning: policy is impossible');
  expect(() => loadPolicy({ files: [{ path: 'a', text: impossible }] })).not.toThrow();
});

test('rules keep their line beyond the tenth', () => {
  const lines = Array.from({ length: 14 }, (_, index) =>
    index === 11 ? rule('@outcome("oops")') : rule(`@outcome("allow") @id("r${index}")`),
  );
  expect(check(lines.join('\n'))).toEqual([expect.stringMatching(/^my\.cedar:12:1:/)]);
});

test('the hash changes with every rule and setting, and not with paths or order', () => {
  const shipped = { path: 'a/default.cedar', text: defaultPolicyText() };
  const mine = {
    path: 'b/mine.cedar',
    text: 'forbid (principal, action, resource) when { context.objects > 99 };',
  };
  const hash = loadPolicy({ files: [shipped, mine] }).hash;
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(loadPolicy({ files: [{ ...mine, path: 'c' }, shipped] }).hash).toBe(hash);
  const others = [
    loadPolicy({ files: [shipped] }),
    loadPolicy({ files: [shipped, { ...mine, text: mine.text.replace('99', '98') }] }),
    loadPolicy({ files: [shipped, mine], expiresAfterSeconds: 60 }),
    loadPolicy({ files: [shipped, mine], breakGlass: ['kubernetes.rollback'] }),
  ];
  expect(new Set([hash, ...others.map((each) => each.hash)]).size).toBe(5);
});

test('policies that are loaded side by side do not mix', () => {
  const a = { path: 'a', text: rule('@outcome("allow") @reason("A")', 'action') };
  const b = { path: 'b', text: rule('@outcome("ask") @roles("lead") @reason("B")', 'action') };
  const first = loadPolicy({ files: [a, b] });
  const second = loadPolicy({ files: [b, a] });
  const third = loadPolicy({ files: [a] });
  for (const policy of [first, second]) {
    expect(policy.judge(act(), [person('x')])).toMatchObject({ kind: 'ask', reason: 'B' });
  }
  expect(third.judge(act(), [person('x')])).toEqual({ kind: 'allow', reason: 'A' });
});

test('an ask without @expires waits as long as configured', () => {
  const files = [{ path: 'a', text: rule('@outcome("ask") @roles("lead")', 'action') }];
  expect(loadPolicy({ files, expiresAfterSeconds: 90 }).judge(act(), [person('x')])).toMatchObject({
    ask: { quorum: 1, notAuthor: true, expiresAfterSeconds: 90 },
    reason: 'it needs a lead who did not write this plan',
  });
});

test('a file that is not there is named', () => {
  expect(() => readPolicyFiles(['no/such.cedar'])).toThrow(/no\/such\.cedar cannot be read/);
});
