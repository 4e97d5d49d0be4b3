import fc from 'fast-check';
import { expect } from 'vitest';
import type { AnyOperation } from '../../../src/domain/operation.ts';
import type { Any, Bed } from './bed.ts';
import { type Arrived, outcomeOf, writesIn } from './trials.ts';

/** What people, models and other programs put where a name, a number or a text belongs. */
const junk = [
  ...[
    '',
    ' ',
    '..',
    '../../kube-system',
    'a/b',
    'a?b=c#d',
    '%2e%2e%2f',
    'two\nlines',
    'ä ö ü',
    '💥',
    '-rf',
    '--all',
  ],
  ...['x'.repeat(5000), '\u0000', '$HOME', "'; DROP TABLE plans; --", '{"$from":"a"}', 'no-such-environment'],
  ...[-1, 0, 1.5, 1e9, Number.MAX_SAFE_INTEGER, true, null, [], {}, ['x'], { a: 1 }],
];

/**
 * Puts junk into one field after the other, of the request and then of the input. Each is refused with a fault of the
 * caller's making, is a question, or is what the field may hold; nothing is written, and nothing is asked for that the
 * broker refuses.
 */
export async function takesNoJunk(bed: Bed, operation: AnyOperation, arrived: Arrived): Promise<void> {
  const before = writesIn(bed);
  for (const request of near(arrived.request, 14)) {
    const { value, fault, crash } = await outcomeOf(bed.call(operation, 'resolve', { request }));
    const where = `request ${JSON.stringify(request).slice(0, 300)}`;
    expect(crash, where).toBeUndefined();
    if (fault !== undefined) expect(fault.message.trim(), where).not.toBe('');
    if (value?.kind === 'impossible') expect(value.reason.trim(), where).not.toBe('');
    if (value?.kind === 'question') expect(value.question.text.trim(), where).not.toBe('');
    if (value?.kind === 'input') expect(operation.input.safeParse(value.input).success, where).toBe(true);
  }
  const phase = operation.effect === 'read' ? 'execute' : 'preview';
  for (const input of near(arrived.input, 14)) {
    const { fault, crash } = await outcomeOf(bed.call(operation, phase, { ...arrived, input }));
    const where = `input ${JSON.stringify(input).slice(0, 300)}`;
    expect(crash, where).toBeUndefined();
    if (fault !== undefined) expect(fault.message.trim(), where).not.toBe('');
  }
  expect(writesIn(bed)).toBe(before);
  expect(bed.refused).toEqual([]);
}

/** The value with one field, or a field of a field, replaced by junk or taken away; always the same ones. */
function near(good: Any, count: number): Any[] {
  const places = placesIn(good);
  if (places.length === 0) return [];
  const spoilt = fc
    .tuple(
      fc.constantFrom(...places),
      fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...junk) }, fc.jsonValue()),
    )
    .map(([place, bad]) => replaced(good, place, bad));
  return fc.sample(spoilt, { numRuns: count, seed: 11 });
}

function placesIn(value: Any, path: string[] = []): string[][] {
  if (value === null || typeof value !== 'object' || path.length > 2) return [path];
  const below = Object.entries(value).flatMap(([name, each]) => placesIn(each, [...path, name]));
  return path.length === 0 ? below : [path, ...below];
}

function replaced(value: Any, [first, ...rest]: string[], bad: unknown): Any {
  if (first === undefined) return bad;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[first] = replaced(copy[first], rest, bad);
  return copy;
}
