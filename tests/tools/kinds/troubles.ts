import { expect } from 'vitest';
import type { FaultCode } from '../../../src/domain/fault.ts';
import type { AnyOperation } from '../../../src/domain/operation.ts';
import type { StepPhase } from '../../../src/domain/ports/sandbox.ts';
import type { Trouble } from './faulty-server.ts';
import type { Case, World } from './table.ts';
import {
  type Arrived,
  atWrite,
  fromWrite,
  nameOf,
  type Outcome,
  requestsOf,
  reverses,
  under,
  writesIn,
} from './trials.ts';

const page = (status: number): Trouble => ({
  ...{ kind: 'answer', status, type: 'text/html' },
  body: '<html><body>Something else answers here.</body></html>',
});

/** Errors, another format than was asked for, an answer cut off, a connection that breaks. */
export const brokenAnswers: readonly Trouble[] = [
  { kind: 'answer', status: 500, body: '{"message":"the disk is full","code":500}' },
  page(200),
  { kind: 'reset' },
  page(503),
  { kind: 'cut' },
];

export const hanging: readonly Trouble[] = [{ kind: 'hang' }];

/**
 * Lets every request of every phase go wrong, one after the other, with one of the troubles in turn; then the first
 * write with each of them. The fault has one of the codes and says what to do; nothing is written, and `landed` never
 * says that it was.
 */
export async function lookUnder<W extends World>(
  { bed }: W,
  operation: AnyOperation,
  tried: Case<W>,
  arrived: Arrived,
  {
    troubles,
    codes,
    program,
  }: { troubles: readonly Trouble[]; codes: readonly FaultCode[]; program: boolean },
): Promise<void> {
  const before = writesIn(bed);
  const resolving = new Set<string>();
  let turn = 0;
  for (const phase of looksOf(operation, arrived)) {
    const requests = await requestsOf(bed, () => bed.call(operation, phase, arrived));
    for (const request of requests) {
      // A preview makes them with the same run of the program, which takes its time.
      if (program && phase === 'preview' && resolving.has(request)) continue;
      if (phase === 'resolve') resolving.add(request);
      const trouble = troubles[turn++ % troubles.length];
      const outcome = await under(
        bed,
        (seen) => (nameOf(seen) === request ? trouble : undefined),
        operation,
        phase,
        arrived,
      );
      const where = `${phase}: ${request}: ${JSON.stringify(trouble)}`;
      const spared =
        tried.spares?.test(request) === true || (phase === 'landed' && outcome.value === 'unclear');
      if (outcome.fault === undefined && spared) continue;
      expectFault(outcome, codes, where);
    }
  }
  if (operation.effect !== 'read')
    for (const trouble of troubles) await writeUnder(bed, operation, tried, arrived, trouble, codes);
  expect(writesIn(bed)).toBe(before);
}

async function writeUnder(
  bed: World['bed'],
  operation: AnyOperation,
  { persists }: Pick<Case<never>, 'persists'>,
  arrived: Arrived,
  trouble: Trouble,
  codes: readonly FaultCode[],
): Promise<void> {
  // An answer that is cut off comes after the write was carried out.
  const instead: Trouble = trouble.kind === 'cut' ? { kind: 'reset' } : trouble;
  const choose = persists === true ? fromWrite(0, instead) : atWrite(0, instead);
  const outcome = await under(bed, choose, operation, 'execute', arrived);
  expectFault(outcome, codes, `execute: the write: ${JSON.stringify(instead)}`);
  expect(await bed.call(operation, 'landed', arrived), JSON.stringify(instead)).not.toBe('yes');
}

/** The phases that only look, as far as nothing is written yet. */
function looksOf(operation: AnyOperation, { input }: Arrived): StepPhase[] {
  if (operation.effect === 'read') return ['resolve', 'execute'];
  return ['resolve', 'preview', ...(reverses(operation, input) ? (['capture'] as const) : []), 'landed'];
}

const whatToDo: { [code in FaultCode]?: RegExp } = {
  'not-allowed': /credential|token|account|rights/i,
  timeout: /in time|within|deadline/i,
};

export function expectFault(
  { value, fault, crash }: Outcome,
  codes: readonly FaultCode[],
  where: string,
): void {
  expect(crash, where).toBeUndefined();
  expect(fault, `${where}: ended with ${JSON.stringify(value)}`).toBeDefined();
  expect(codes, `${where}: ${fault?.code}: ${fault?.message}`).toContain(fault?.code);
  expect(fault?.message, where).toMatch(whatToDo[fault?.code ?? 'internal'] ?? /\w{3}/);
}
