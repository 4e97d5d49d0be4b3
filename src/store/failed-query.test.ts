import { describe, expect, it } from 'vitest';
import { toFault } from '../domain/fault.ts';
import { explainFailedQuery } from './failed-query.ts';

const failed = (code: string, message: string) =>
  new Error('Failed query: insert into terraform_states values ($1) params: topsecret', {
    cause: Object.assign(new Error(message), { code }),
  });

describe('a query that failed', () => {
  it.each([
    ['42501', 'permission denied for table terraform_states', 'not-allowed'],
    ['57014', 'canceling statement due to statement timeout', 'timeout'],
    ['ECONNREFUSED', 'connect ECONNREFUSED', 'unreachable'],
    ['53100', 'could not extend file: No space left on device', 'internal'],
  ])('%s is told by what Postgres says, without what was asked', (code, message, as) => {
    const told = toFault(explainFailedQuery(failed(code, message)));
    expect(told).toMatchObject({ code: as, message: expect.stringContaining(message) });
    expect(told.message).not.toContain('topsecret');
  });
});
