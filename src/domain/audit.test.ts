import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AuditRow, chainStart, checkpointHash, payloadHash, rowHash } from './audit.ts';
import { type Json, sha256 } from './json.ts';

const row: Omit<AuditRow, 'hash'> = {
  chain: 'plan:p-abc2345',
  seq: 1,
  at: '2026-11-22T10:00:00.000Z',
  type: 'plan.drafted',
  actor: 'alice',
  payloadHash: payloadHash({ goal: 'scale checkout' }),
  previous: chainStart,
};

test('the formula is pinned: a change would break every chain there is', () => {
  expect(payloadHash({ b: 1, a: 'ü' })).toBe(sha256('{"a":"ü","b":1}'));
  expect(rowHash(row)).toBe('14085a65af69b4c58c13dd96fa0ebba82a55c46feaecf1c2446f73e928b3294f');
});

test('changing any field of a row changes its hash', () => {
  const hash = rowHash(row);
  for (const field of Object.keys(row) as (keyof typeof row)[]) {
    const value = row[field];
    const changed = { ...row, [field]: typeof value === 'number' ? value + 1 : `${value}x` };
    expect(rowHash(changed), field).not.toBe(hash);
  }
});

test('a payload’s hash depends on what it says and not on the order of its keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (payload) => {
      const turned = Object.fromEntries(Object.entries(payload).reverse());
      expect(payloadHash(turned as Json)).toBe(payloadHash(payload as Json));
      expect(payloadHash({ ...payload, more: crypto.randomUUID() } as Json)).not.toBe(
        payloadHash(payload as Json),
      );
    }),
  );
});

test('a checkpoint’s hash covers its number, time, predecessor and every head', () => {
  const checkpoint = {
    id: 3,
    at: '2026-11-22T10:00:00.000Z',
    previous: chainStart,
    heads: [{ chain: 'messages', seq: 4, hash: 'a'.repeat(64) }],
  };
  const hash = checkpointHash(checkpoint);
  const head = { chain: 'messages', seq: 4, hash: 'a'.repeat(64) };
  for (const changed of [
    { ...checkpoint, id: 4 },
    { ...checkpoint, at: '2026-11-22T10:00:00.001Z' },
    { ...checkpoint, previous: 'b'.repeat(64) },
    { ...checkpoint, heads: [] },
    { ...checkpoint, heads: [{ ...head, seq: 5 }] },
    { ...checkpoint, heads: [{ ...head, chain: 'freezes' }] },
    { ...checkpoint, heads: [{ ...head, hash: 'c'.repeat(64) }] },
  ]) {
    expect(checkpointHash(changed)).not.toBe(hash);
  }
});
