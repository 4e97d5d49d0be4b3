import { expect, test } from 'vitest';
import { judgeGithub } from './github.ts';
import type { JudgedRequest } from './judgement.ts';
import { judgeAlertmanager, judgePrometheus } from './monitoring.ts';
import { parseRequestPath } from './request-path.ts';

const holds = ['acme/*', 'other/shop'];

function request(method: string, target: string): JudgedRequest {
  const path = parseRequestPath(target);
  if (typeof path === 'string') throw new Error(path);
  return { method, path, contentType: undefined, body: undefined };
}

test.each([
  ['GET', '/repos/acme/web/pulls?state=open', 'read'],
  ['GET', '/repos/ACME/web', 'read'],
  ['GET', '/repos/other/shop/contents/a', 'read'],
  ['GET', '/user', 'read'],
  ['GET', '/orgs/acme/repos', 'read'],
  ['POST', '/repos/acme/web/pulls', 'write'],
  ['PUT', '/repos/acme/web/pulls/1/merge', 'write'],
  ['POST', '/orgs/acme/repos', 'write'],
  ['POST', '/user/repos', 'write'],
  ['GET', '/orgs/acme', 'read'],
  ['GET', '/repos/acme/web/compare/main...feature/one', 'read'],
  ['GET', '/repos/acme/web/git/ref/heads/feature/one', 'read'],
  ['POST', '/repos/acme/web/actions/workflows/7/dispatches', 'write'],
  ['PATCH', '/repos/acme/web/git/refs/heads/feature/one', 'write'],
  ['DELETE', '/repos/acme/web', 'write'],
  ['DELETE', '/repos/other/secret', 'refuse'],
  ['POST', '/repos/other/secret/pulls', 'refuse'],
  ['GET', '/repos/other/secret', 'refuse'],
  ['GET', '/repos/acme', 'refuse'],
  ['POST', '/orgs/other/repos', 'refuse'],
  ['GET', '/orgs/other/repos', 'refuse'],
  ['POST', '/graphql', 'refuse'],
  ['GET', '/user/repos', 'refuse'],
  ['GET', '/orgs/acme/members', 'refuse'],
  ['TRACE', '/repos/acme/web', 'refuse'],
])('GitHub: %s %s is %s', (method, target, verdict) => {
  expect(judgeGithub(request(method, target), holds).verdict).toBe(verdict);
});

test.each([
  ['GET', '/api/v1/query?query=up', 'read'],
  ['POST', '/api/v1/query', 'refuse'],
  ['GET', '/api/v1/admin/tsdb/snapshot', 'refuse'],
  ['POST', '/-/reload', 'refuse'],
  ['GET', '/-/quit', 'refuse'],
])('Prometheus: %s %s is %s', (method, target, verdict) => {
  expect(judgePrometheus(request(method, target)).verdict).toBe(verdict);
});

test.each([
  ['GET', '/api/v2/alerts', 'read'],
  ['POST', '/api/v2/silences', 'write'],
  ['DELETE', '/api/v2/silence/abc', 'write'],
  ['POST', '/api/v2/alerts', 'refuse'],
  ['POST', '/-/reload', 'refuse'],
])('Alertmanager: %s %s is %s', (method, target, verdict) => {
  expect(judgeAlertmanager(request(method, target)).verdict).toBe(verdict);
});
