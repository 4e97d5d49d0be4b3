import { expect, test } from 'vitest';
import type { EnvironmentView } from '../../domain/environment.ts';
import { listsFor, refusalOf } from './command-lists.ts';

const deny = { deny: ['rm', 'git push', 'kubectl * delete*'] };
const allow = { allow: ['ls', 'grep', 'git log', 'my-tool'] };

test('without lists nothing is refused', async () => {
  expect(await refusalOf('rm -rf / | $x', [])).toBeUndefined();
  expect(await refusalOf('rm -rf /', [{}])).toBeUndefined();
});

test.each([
  'rm x',
  'ls; rm x',
  'ls | rm x',
  'echo $(rm x)',
  'echo `rm x`',
  'diff <(rm x) y',
  'cat <<E\n$(rm x)\nE',
  'f() { rm x; }; f',
  'if true; then rm x; fi',
  'for i in $(rm x); do :; done',
  'echo "a $(rm x) b"',
  'ls > $(rm x)',
  'X=1 rm y',
  'Y=$(rm x)',
  '! rm x',
  '(rm x) &',
  '"r"m x',
  '\\rm x',
  '/bin/rm x',
  './rm x',
  'git push origin',
  'git -C dir push',
  'git $verb',
  'kubectl -n shop delete pod x',
])('the deny list sees the command in %j', async (script) => {
  expect(await refusalOf(script, [deny])).toMatch(/denies "/);
});

test.each([
  ['$x y', 'is computed'],
  ["$'rm' y", 'is computed'],
  ['/bin/r* y', 'is computed'],
  ['~/rm y', 'is computed'],
  ['{rm,x}', 'no valid bash'],
  ['if then fi )', 'no valid bash'],
  ['bash -c "rm x"', 'cannot see'],
  ['echo x | xargs rm', 'cannot see'],
  ['eval "$y"', 'cannot see'],
  ['. ./x.sh', 'cannot see'],
  ['time rm x', 'cannot see'],
  ['sudo rm x', 'cannot see'],
  ['find . -exec rm {} +', 'cannot see'],
  ['command rm x', 'cannot see'],
  ['alias ls=rm', 'cannot see'],
  ['PATH=/tmp ls', 'decides which programs run'],
  ['export PATH=/tmp', 'decides which programs run'],
])('what the deny list cannot see is refused: %j', async (script, words) => {
  expect(await refusalOf(script, [deny])).toContain(words);
});

test.each([
  'ls -l',
  'git status; echo a | sort',
  'find . -name x',
  'set -e\nls',
  'X=1; echo "$X"',
  '[ -f rm ] && ls',
])('the deny list lets %j pass', async (script) => {
  expect(await refusalOf(script, [deny])).toBeUndefined();
});

test.each([
  ['ls | grep x', undefined],
  ['/usr/bin/ls', undefined],
  ['git log -1', undefined],
  ['git push', 'git is not on the list'],
  ['git $x', 'git is not on the list'],
  ['./ls', './ls is not on the list'],
  ['ls; cat x', 'cat is not on the list'],
  ['ls() { cat x; }; ls', 'cat is not on the list'],
  ['bash x', 'bash is not on the list'],
])('with an allow list, %j: %s', async (script, words) => {
  const refusal = await refusalOf(script, [allow]);
  if (words === undefined) expect(refusal).toBeUndefined();
  else expect(refusal).toContain(words);
});

test('each list holds by itself, and an allowed shell is a shell', async () => {
  expect(await refusalOf('ls', [allow, { deny: ['ls'] }])).toContain('denies');
  expect(await refusalOf('bash -c x', [{ allow: ['bash'] }])).toBeUndefined();
});

test('the lists of the environment hold; without one, those of all', () => {
  const view = (name: string, list: string) =>
    ({ name, shell: [{ deny: [list] }] }) as unknown as EnvironmentView;
  const all = [view('a', 'x'), view('b', 'y')];
  expect(listsFor(all, 'a')).toEqual([{ deny: ['x'] }]);
  expect(listsFor(all, undefined)).toEqual([{ deny: ['x'] }, { deny: ['y'] }]);
  expect(listsFor(all, 'c')).toHaveLength(2);
});
