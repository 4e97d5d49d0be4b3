import { expect, test } from 'vitest';
import { eventJsonSchema, eventSchema } from './event-schema.ts';

test('docs/events.schema.json is the schema (npx vitest run src/cli -u writes it)', async () => {
  const onOneLine = (_: string, items: string) => `[${items.replace(/\s*\n\s*/g, ' ').trim()}]`;
  const text = JSON.stringify(eventJsonSchema(), null, 2).replace(/\[([^[\]{}]*)\]/g, onOneLine);
  await expect(`${text}\n`).toMatchFileSnapshot('../../docs/events.schema.json');
});

test('an event keeps the fields that a reader does not know', () => {
  const event = { type: 'final', state: 'succeeded', later: 1 };
  expect(eventSchema.parse(event)).toEqual(event);
  expect(eventSchema.safeParse({ type: 'unheard-of' }).success).toBe(false);
});
