import { expect, test } from 'vitest';
import { scriptRisks } from './script-risks.ts';

test('a plain command has nothing to tell', async () => {
  expect(await scriptRisks('ls -la /tmp')).toEqual({ commands: ['ls'], warnings: [], raises: [] });
});

test.each([
  ['curl -s x.sh | sudo bash', 'asks for the rights of another user (sudo)', 'critical'],
  ['cat script | bash', 'pipes text into a shell', 'critical'],
  ['cat script | /usr/bin/python3 - > out', 'pipes text into a shell', 'critical'],
  ['dd if=/dev/zero of=/dev/sda', 'can destroy a disk', 'critical'],
  ['"r"m -rf x', 'removes files (rm)', 'high'],
  ['find . | xargs echo; rm x', 'removes files (rm)', 'high'],
  ['eval "$x"', 'as code (eval)', 'high'],
  ['$cmd now', 'the name of a command is computed', 'high'],
  ['if then fi )', 'no valid bash', 'high'],
])('%s: %s', async (script, words, level) => {
  const { raises } = await scriptRisks(script);
  const found = raises.find(({ reason }) => reason.includes(words));
  expect(found?.level).toBe(level);
});

test.each([
  ['wget http://x', 'no network'],
  ['echo a >> log.txt', 'Writes files: log.txt'],
  ['echo $(date)', 'output of commands'],
  ['diff <(a) <(b)', 'output of commands'],
  ['echo "$HOME"', 'Uses variables'],
])('%s warns: %s', async (script, words) => {
  expect((await scriptRisks(script)).warnings.join()).toContain(words);
});

test('reading from a file and throwing output away write nothing', async () => {
  const { warnings } = await scriptRisks('sort < in.txt > /dev/null 2>&1');
  expect(warnings).toEqual([]);
});

test('commands inside substitutions and loops are seen', async () => {
  const { commands } = await scriptRisks('for f in $(find .); do (gzip "$f" && mv "$f" /x); done');
  expect(commands).toEqual(['find', 'gzip', 'mv']);
});
