import { describe, expect, it } from 'vitest';
import { formatRoute, parseRoute, type Route, tokenIn } from './route.ts';

describe('the address', () => {
  const routes: Route[] = [
    { view: 'new' },
    { view: 'thread', conversation: 'c-01H' },
    { view: 'plan', plan: 'p-01H' },
  ];
  it.each(routes)('goes there and back: $view', (route) => {
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });
  it('takes what it cannot read for a new thread', () => {
    for (const fragment of ['', '#', '#/t/', '#/t/../x', '#/plan/a b', '#/other/x', '#token=abc']) {
      expect(parseRoute(fragment)).toEqual({ view: 'new' });
    }
  });
  it('finds the sign-in token, and only as a token', () => {
    expect(tokenIn('#token=abc-123')).toBe('abc-123');
    expect(tokenIn('#/t/c-token')).toBeUndefined();
    expect(tokenIn('')).toBeUndefined();
  });
});
