import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fault } from '../domain/fault.ts';
import { parseHostMessage } from './protocol.ts';

const parse = (message: unknown) => parseHostMessage(JSON.stringify(message));

it('reads the messages of a step', () => {
  expect(parse({ type: 'ready' })).toEqual({ type: 'ready' });
  expect(parse({ type: 'progress', id: 1, line: 'x' })).toEqual({ type: 'progress', id: 1, line: 'x' });
  const done = { type: 'reply', id: 2, reply: { ok: true, value: [1] } };
  expect(parse(done)).toEqual(done);
  const failed = { type: 'reply', id: 3, reply: { ok: false, fault: fault('conflict', 'no') } };
  expect(parse(failed)).toEqual(failed);
});

it('takes code and retry of a fault from its own table only', () => {
  const claimed = { code: 'toString', message: 'x', retry: 'never', more: 1 };
  expect(parse({ type: 'reply', id: 1, reply: { ok: false, fault: claimed } })).toEqual({
    ...{ type: 'reply', id: 1 },
    reply: { ok: false, fault: fault('internal', 'x') },
  });
});

it.each([
  null,
  [],
  'ready',
  { type: 'hello' },
  { type: 'progress', id: 1 },
  { type: 'progress', id: '1', line: 'x' },
  { type: 'reply', id: 1 },
  { type: 'reply', id: 1, reply: { ok: 'true', value: 1 } },
  { type: 'reply', id: 1, reply: { ok: false } },
  { type: 'reply', id: 1, reply: { ok: false, fault: { code: 'internal' } } },
])('takes %j for no message', (message) => {
  expect(parse(message)).toBeUndefined();
});

it('never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
      const message = parseHostMessage(line);
      expect(message === undefined || ['ready', 'progress', 'reply'].includes(message.type)).toBe(true);
    }),
  );
});
