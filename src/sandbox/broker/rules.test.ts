import { expect, it } from 'vitest';
import { parseRequestPath, type RequestPath } from './request-path.ts';
import { ruleMatches } from './rules.ts';

const connection = 'kubernetes:staging/main';
const matches = (path: string | RegExp, target: string, method = 'PATCH', at = connection) =>
  ruleMatches({ connection, method: 'PATCH', path }, at, method, parseRequestPath(target) as RequestPath);

it('compares texts as they are, sent or decoded, without the query', () => {
  expect(matches('/api/v1/users/system:a', '/api/v1/users/system%3Aa?force=true')).toBe(true);
  expect(matches('/api/v1/users/system%3Aa', '/api/v1/users/system%3Aa')).toBe(true);
  expect(matches('/api/v1/pods/a', '/api/v1/pods/ab')).toBe(false);
  expect(matches('/api/v1/pods/a', '/api/v1/pods/a/exec')).toBe(false);
  expect(matches('/api/v1/pods/a', '/api/v1/pods/a', 'DELETE')).toBe(false);
  expect(matches('/api/v1/pods/a', '/api/v1/pods/a', 'PATCH', 'kubernetes:production/main')).toBe(false);
});

it('matches patterns on the whole path, whatever their anchors and flags', () => {
  expect(matches(/\/api\/v1\/pods\/[a-z]+/, '/api/v1/pods/web')).toBe(true);
  expect(matches(/\/pods\/web/, '/api/v1/pods/web')).toBe(false);
  expect(matches(/\/api|\/apis/, '/api/v1')).toBe(false);
  const sticky = /\/api\/v1/gm;
  expect([matches(sticky, '/api/v1'), matches(sticky, '/api/v1')]).toEqual([true, true]);
});
