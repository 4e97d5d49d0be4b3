import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortTargets, targetsConflict } from './target.ts';

const part = fc.stringMatching(/^[a-z0-9.-]{1,6}$/);
const target = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `k8s:${parts.join('/')}`);

test('a target conflicts with itself and with everything below it, in both directions', () => {
  fc.assert(
    fc.property(target, fc.array(part, { maxLength: 3 }), (above, below) => {
      const lower = [above, ...below].join('/');
      expect(targetsConflict(above, lower)).toBe(true);
      expect(targetsConflict(lower, above)).toBe(true);
    }),
  );
});

test('a name that only begins like another is another target', () => {
  fc.assert(
    fc.property(target, part, (one, more) => {
      expect(targetsConflict(one, `${one}${more}`)).toBe(false);
      expect(targetsConflict(`${one}/a`, `${one}/b${more}`)).toBe(false);
    }),
  );
});

test('conflict is symmetric and means that one path holds the other', () => {
  fc.assert(
    fc.property(target, target, (a, b) => {
      const [short, long] = [a.split('/'), b.split('/')].sort((x, y) => x.length - y.length);
      const holds = short?.every((word, index) => word === long?.[index]) === true;
      expect(targetsConflict(a, b)).toBe(holds);
      expect(targetsConflict(b, a)).toBe(holds);
    }),
  );
});

test('locks are taken in one order, whoever asks and however often a target is named', () => {
  fc.assert(
    fc.property(fc.array(target, { maxLength: 8 }), (targets) => {
      const sorted = sortTargets(targets);
      expect(sortTargets([...targets].reverse().concat(targets))).toEqual(sorted);
      expect(new Set(sorted)).toEqual(new Set(targets));
      expect(sorted).toHaveLength(new Set(targets).size);
    }),
  );
});
