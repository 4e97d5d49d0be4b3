import { describe, expect, test } from 'vitest';
import { eachPlace, placesOfEach } from '../domain/each-place.ts';
import type { ConnectionView } from '../domain/environment.ts';
import { spread } from './spread.ts';

const view = (name: string): ConnectionView => ({
  id: `kubernetes:production/${name}`,
  ...{ kind: 'kubernetes', environment: 'production', name, demo: true },
});
const both = eachPlace([view('eu'), view('us')]);
const step = (key: string, operation: string, environment: string, needs: string[] = []) => ({
  ...{ key, operation, needs },
  request: { name: 'web', environment },
});
const writes = ({ operation }: { operation: string }) => operation === 'kubernetes.scale';

describe('a step for each of several places', () => {
  test('writes follow each other, and what needs the step needs all of them', () => {
    const { steps, problems } = spread(
      [
        step('a', 'kubernetes.list', 'staging'),
        step('b', 'kubernetes.scale', both, ['a']),
        step('c', 'kubernetes.list', 'staging', ['b']),
      ],
      writes,
    );
    expect(problems).toEqual([]);
    expect(steps.map(({ key, needs, request }) => [key, needs, request.environment])).toEqual([
      ['a', [], 'staging'],
      ['b-1', ['a'], 'kubernetes:production/eu'],
      ['b-2', ['a', 'b-1'], 'kubernetes:production/us'],
      ['c', ['b-1', 'b-2'], 'staging'],
    ]);
  });

  test('reads go side by side', () => {
    const { steps } = spread([step('a', 'kubernetes.list', both)], writes);
    expect(steps.map(({ needs }) => needs)).toEqual([[], []]);
  });

  test('one result cannot be taken from several', () => {
    const later = { ...step('b', 'kubernetes.scale', 'staging'), when: { from: 'a', at: '', equals: 1 } };
    expect(spread([step('a', 'kubernetes.list', both), later], writes).problems).toHaveLength(1);
  });

  test('every other word means what it says', () => {
    for (const word of ['production', 'each:', 'each', undefined, 7])
      expect(placesOfEach(word)).toBeUndefined();
    expect(placesOfEach('each:a,a,b')).toEqual(['a', 'b']);
    const many = Array.from({ length: 21 }, (_, index) => `c${index}`);
    expect(placesOfEach(`each:${many.join(',')}`)).toBeUndefined();
  });
});
