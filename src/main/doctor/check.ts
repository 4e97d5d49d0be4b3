import { FaultError } from '../../domain/fault.ts';

/** Runs one check and says what came of it; what it throws is what is wrong, with what mends it. */
export type Check = (name: string, work: () => Promise<string> | string) => Promise<void>;

export const renew =
  'It is wrong or has expired: put a new one where reign.yaml says it lies (`reign credential set NAME`).';

/** What is wrong, and the line that mends it. */
export function wrong(what: string, mend: string): FaultError {
  return new FaultError('refused', `${what} ${mend}`);
}
