import { secretLintProfiler } from '@secretlint/profiler';
import { expect, it } from 'vitest';
import { findSecrets } from './lint.ts';

it('finds what looks like a secret in each text, and nothing elsewhere', async () => {
  const token = `ghp_${'a1B2'.repeat(9)}`;
  const [first, second] = await findSecrets([`token ${token} here`, 'nothing to see here']);
  expect(first).toMatchObject([{ from: 6, to: 6 + token.length, rule: 'github' }]);
  expect(second).toEqual([]);
});

it('keeps nothing of what it has looked at', async () => {
  const marks = () => performance.getEntriesByType('mark').length;
  const before = marks();
  for (let time = 0; time < 20; time += 1) await findSecrets(['a text that is long enough']);
  expect(marks()).toBe(before);
  expect(await secretLintProfiler.getEntries()).toEqual([]);
  expect(await secretLintProfiler.getMeasures()).toEqual([]);
});
