import { describe, expect, it } from 'vitest';
import { formatRoute, parseRoute, type Route, tokenIn } from './route.ts';

describe('the address', () => {
  const routes: Route[] = [
    { view: 'new' },
    { view: 'thread', conversation: 'c-01H' },
    { view: 'plan', plan: 'p-01H' },
    { view: 'plan', plan: 'p-01H', step: 'restart 1/2' },
    { view: 'section', section: 'plans', filter: {} },
    { view: 'section', section: 'plans', filter: { state: 'running', text: 'a&b=c ?' } },
    { view: 'section', section: 'tools', item: 'kubernetes.scale', filter: {} },
  ];
  it.each(routes)('goes there and back: $view', (route) => {
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });
  it('takes what it cannot read for a new thread', () => {
    for (const fragment of [
      '',
      '#',
      '#/t/',
      '#/t/../x',
      '#/t/c-1/x',
      '#/plan/a b',
      '#/other/x',
      '#/tools/a/b',
      '#token=abc',
    ]) {
      expect(parseRoute(fragment), fragment).toEqual({ view: 'new' });
    }
  });
  it('finds the sign-in token, and only as a token', () => {
    expect(tokenIn('#token=abc-123')).toBe('abc-123');
    expect(tokenIn('#/t/c-token')).toBeUndefined();
    expect(tokenIn('')).toBeUndefined();
  });
});
