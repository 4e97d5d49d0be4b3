import { expect, test } from 'vitest';
import { z } from 'zod';
import { literalCall } from './literal.ts';
import type { IntentSource } from './types.ts';

const source: IntentSource = {
  id: 'board.close',
  summary: 'Closes a ticket.',
  effect: 'update',
  request: z.strictObject({ ticket: z.number().optional(), note: z.string().optional() }),
  examples: [],
};
const read = (text: string) => literalCall(text, new Map([[source.id, source]]), new Set([source.id]));

test.each([
  ['board.close ticket=7', { ticket: 7 }],
  ['board.close ticket=7 note="all done, at last"', { ticket: 7, note: 'all done, at last' }],
  ['`board.close ticket=7`', { ticket: 7 }],
  ['board.close {"ticket": 7, "note": "x=y"}', { ticket: 7, note: 'x=y' }],
  ['board.close', {}],
  ['board.close other=1', { other: '1' }],
])('%s is a call', (text, request) => {
  expect(read(text)).toEqual({ operation: 'board.close', request });
});

test.each([
  'board.open ticket=7',
  'what does board.close do',
  'board.close is broken',
  'board.close.now ticket=7',
  'board.close {"ticket": 7',
  'board.close note="open',
  'please board.close ticket=7',
])('%s is none', (text) => {
  expect(read(text)).toBeUndefined();
});
