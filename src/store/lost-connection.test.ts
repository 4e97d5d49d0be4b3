import { describe, expect, it } from 'vitest';
import { FaultError, toFault } from '../domain/fault.ts';
import { explainLoss } from './lost-connection.ts';

const withCode = (code: string) => Object.assign(new Error('what the driver says'), { code });

describe('explainLoss', () => {
  it.each(['08006', '57P01', '57P03', 'ECONNREFUSED', 'ECONNRESET'])('knows %s', (code) => {
    expect(toFault(explainLoss(withCode(code))).code).toBe('unreachable');
  });

  it('looks below what the query builder wraps around it', () => {
    const error = new Error('Failed query', { cause: new Error('Connection terminated unexpectedly') });
    expect(toFault(explainLoss(error)).code).toBe('unreachable');
  });

  it.each(['23505', '22P05', '40P01'])('leaves %s alone, which trying again does not change', (code) => {
    const error = new Error('Failed query', { cause: withCode(code) });
    expect(explainLoss(error)).toBe(error);
  });

  it('leaves faults alone', () => {
    const error = new FaultError('stale', 'The step has changed.');
    expect(explainLoss(error)).toBe(error);
  });
});
