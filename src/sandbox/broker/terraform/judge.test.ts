import { expect, test } from 'vitest';
import { parseRequestPath } from '../request-path.ts';
import { judgeTerraform } from './judge.ts';

const hash = 'a'.repeat(64);

test.each([
  ['GET', '/listing?below=', 'read'],
  ['GET', '/file?below=&path=main.tf', 'read'],
  ['GET', '/state', 'read'],
  ['GET', '/about', 'read'],
  ['GET', `/plans/${hash}`, 'read'],
  ['GET', `/plan-files/${hash}`, 'read'],
  ['PUT', `/plans/${hash}`, 'read'],
  ['POST', '/state?ID=1', 'write'],
  ['LOCK', '/lock', 'write'],
  ['UNLOCK', '/lock', 'write'],
  ['PUT', '/state', 'refuse'],
  ['DELETE', '/state', 'refuse'],
  ['POST', '/lock', 'refuse'],
  ['PUT', `/plan-files/${hash}`, 'refuse'],
  ['PUT', '/plans/short', 'refuse'],
  ['POST', `/state/${hash}`, 'refuse'],
])('%s %s is %s', (method, target, verdict) => {
  const path = parseRequestPath(target);
  if (typeof path === 'string') throw new Error(path);
  expect(judgeTerraform({ method, path, contentType: undefined, body: undefined }).verdict).toBe(verdict);
});
