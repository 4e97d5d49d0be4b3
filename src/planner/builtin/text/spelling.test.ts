import { expect, test } from 'vitest';
import { createSpeller } from './spelling.ts';

const spell = createSpeller(
  new Map([
    ['restart', 9],
    ['events', 9],
    ['stop', 9],
    ['chart', 9],
    ['images', 9],
  ]),
);

test.each([
  ['restrat', 'restart'],
  ['evnets', 'events'],
  ['stpo', 'stop'],
  ['imges', 'images'],
])('%s is %s', (typed, meant) => expect(spell(typed)).toBe(meant));

test('short names and plain plurals are left alone', () => {
  expect(spell('cart')).toBeUndefined();
  expect(spell('charts')).toBeUndefined();
});
