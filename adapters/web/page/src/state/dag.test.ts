import { describe, expect, it } from 'vitest';
import { layOut } from './dag.ts';
import { sampleStep } from './sample.ts';

const step = (key: string, ...needs: string[]) => sampleStep({ key, needs });

describe('the picture of a plan', () => {
  it('puts each step right of all that it needs, and parallel ones below each other', () => {
    const { nodes, edges, width, height } = layOut([
      step('a'),
      step('b'),
      step('c', 'a'),
      step('d', 'b', 'c'),
    ]);
    const at = Object.fromEntries(nodes.map(({ step: { key }, x, y }) => [key, { x, y }]));
    expect(at['a']?.x).toBe(at['b']?.x);
    expect(at['b']?.y).toBeGreaterThan(at['a']?.y ?? 0);
    expect(at['c']?.x).toBeGreaterThan(at['a']?.x ?? 0);
    expect(at['d']?.x).toBeGreaterThan(at['c']?.x ?? 0);
    expect(edges.map(({ from, to }) => `${from.step.key}${to.step.key}`)).toEqual(['ac', 'bd', 'cd']);
    for (const { x, y } of nodes) {
      expect(x).toBeLessThan(width);
      expect(y).toBeLessThan(height);
    }
  });

  it('draws nothing twice and leaves out what is not there', () => {
    expect(layOut([step('a', 'gone')]).edges).toEqual([]);
    expect(layOut([]).nodes).toEqual([]);
  });

  it('leaves out an edge that others imply', () => {
    const { edges } = layOut([step('a'), step('b', 'a'), step('c', 'a', 'b')]);
    expect(edges.map(({ from, to }) => `${from.step.key}${to.step.key}`)).toEqual(['ab', 'bc']);
  });

  it('ends on a cycle', () => {
    expect(layOut([step('a', 'b'), step('b', 'a')]).nodes).toHaveLength(2);
  });
});
