import { expect, test } from 'vitest';
import type { Writer } from '../../domain/ports/reader.ts';
import { noop } from './noop.ts';

const slept: number[] = [];
const writer = {
  sleep: async (milliseconds: number) => {
    slept.push(milliseconds);
  },
} as unknown as Writer;
const context = { approved: undefined, idempotencyKey: 'k' };

test('waits as long as asked and touches only its own key', async () => {
  const resolved = await noop.resolve({ key: 'a-1', milliseconds: 20 }, writer);
  if (resolved.kind !== 'input') throw new Error('not resolved');
  const input = noop.input.parse(resolved.input);
  expect(await noop.execute(input, writer, context)).toEqual({ key: 'a-1' });
  expect(slept).toEqual([20]);
  expect(noop.assess(input).targets).toEqual(['reign:noop/a-1']);
});

test('fails when asked', async () => {
  const failing = noop.execute({ key: 'a', milliseconds: 0, fail: true }, writer, context);
  await expect(failing).rejects.toThrow('as was asked');
});

test('a key that would be another target is refused', () => {
  expect(noop.input.safeParse({ key: 'a/b', milliseconds: 0, fail: false }).success).toBe(false);
});
