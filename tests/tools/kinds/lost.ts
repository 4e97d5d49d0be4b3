import { expect } from 'vitest';
import type { AnyOperation } from '../../../src/domain/operation.ts';
import type { Case, World } from './table.ts';
import { type Arrived, atWrite, outcomeOf, under, writesIn } from './trials.ts';

type Fresh = (run: (world: World, arrived: Arrived) => Promise<void>) => Promise<void>;

/**
 * Kills the worker before and after its first and its last write; then does what the engine does (`reconcile` in
 * src/engine/run-step.ts). However it went, the server has got the writes of one run, and what was wanted is there.
 */
export async function killed(
  fresh: Fresh,
  operation: AnyOperation,
  tried: Case<never>,
  program: boolean,
): Promise<void> {
  let whole = 0;
  await fresh(async ({ bed }, arrived) => {
    await bed.call(operation, 'execute', arrived);
    whole = writesIn(bed, tried.again);
    if (operation.repeat === 'verify-first') return;
    const again = await outcomeOf(bed.call(operation, 'execute', arrived));
    expect(['none', 'world-changed']).toContain(again.fault?.code ?? 'none');
    expect(writesIn(bed, tried.again), 'done again with the same key').toBe(whole);
  });
  expect(whole).toBeGreaterThan(0);
  for (const number of new Set([0, whole - 1]))
    for (const carriedOut of [false, true])
      await fresh((world, arrived) =>
        killedAt(world, operation, tried, arrived, { number, carriedOut, whole, program }),
      );
}

type Moment = { number: number; carriedOut: boolean; whole: number; program: boolean };

async function killedAt(
  { bed }: World,
  operation: AnyOperation,
  tried: Case<never>,
  arrived: Arrived,
  { number, carriedOut, whole, program }: Moment,
): Promise<void> {
  const words = `killed ${carriedOut ? 'after' : 'before'} write ${number + 1} of ${whole}`;
  const gone = carriedOut ? ({ kind: 'lost', answer: 'hangs' } as const) : ({ kind: 'reset' } as const);
  const trouble = program ? ({ kind: 'kill', carriedOut } as const) : gone;
  const { fault, crash } = await under(bed, atWrite(number, trouble), operation, 'execute', arrived);
  expect(crash, words).toBeUndefined();
  // What was killed has no say.
  if (!program)
    expect(fault?.code, `${words}: ${fault?.message}`).toBe(carriedOut ? 'timeout' : 'unreachable');
  const complete = carriedOut && number === whole - 1;
  const landed = await bed.call(operation, 'landed', arrived);
  expect(landed, words).not.toBe(complete ? 'no' : 'yes');
  if (landed === 'no' || (landed === 'unclear' && operation.repeat !== 'verify-first'))
    await bed.call(operation, 'execute', arrived);
  else if (landed === 'unclear') return expect(writesIn(bed, tried.again), words).toBeLessThanOrEqual(whole);
  expect(writesIn(bed, tried.again), words).toBe(whole);
  expect(await bed.call(operation, 'landed', arrived), words).toBe('yes');
  expect(await bed.call(operation, 'verify', arrived), words).toMatchObject({ state: 'healthy' });
}
