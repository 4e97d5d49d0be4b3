import { expect, test } from 'vitest';
import { fault } from '../../domain/fault.ts';
import { failureOf } from './faults.ts';

const input = { environment: 'staging', connection: 'terraform:staging/net', name: 'net', path: 'net' };
const killed = { exitCode: null, signal: 'SIGKILL', stdout: '', stderr: '', truncated: false };
const away = fault('unreachable', 'Postgres cannot be reached.');
const failed = (stderr: string) => ({ ...killed, exitCode: 1, signal: null, stderr, fault: away });

test('one that was killed while it asked for its state again and again fails for what it was told', () => {
  expect(failureOf(input, 'init', killed).fault).toMatchObject({ code: 'timeout' });
  expect(failureOf(input, 'init', { ...killed, fault: away }).fault).toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('Postgres cannot be reached.'),
  });
});

test.each([
  'Error refreshing state: Failed to get state: GET http://127.0.0.1:1/state giving up after 9 attempt(s)',
  'Error acquiring the state lock',
  'Error: Failed to save state',
])('%s: what the broker said is told', (said) => {
  expect(failureOf(input, 'plan', failed(said)).fault.code).toBe('unreachable');
});

test('an error of another kind stays what it is', () => {
  const { code, message } = failureOf(input, 'plan', failed('Error: Invalid reference in main.tf')).fault;
  expect(code).toBe('unhealthy');
  expect(message).toContain('Invalid reference');
});
