import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { childName, isLeftOver } from './leftovers.ts';

it('knows what belongs to a process that has ended', () => {
  const { pid } = spawnSync('true');
  expect(isLeftOver(`${pid}-1-mws0670h`)).toBe(true);
  expect(isLeftOver(`reign-step-${pid}-1-mws0670h`)).toBe(true);
});

it('knows what an earlier process with the same id has left', () => {
  expect(isLeftOver(`${process.pid}-1-${(Date.now() - 86_400_000).toString(36)}`)).toBe(true);
});

it('leaves alone what is in use, and what it does not know', () => {
  for (const name of [
    childName(1),
    `reign-step-${childName(2)}`,
    `${process.ppid}-1-mws0670h`,
    'data',
    '1',
    'a-1',
  ])
    expect(isLeftOver(name), name).toBe(false);
});
