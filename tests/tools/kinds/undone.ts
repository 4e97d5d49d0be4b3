import { expect } from 'vitest';
import type { FaultCode } from '../../../src/domain/fault.ts';
import type { AnyOperation } from '../../../src/domain/operation.ts';
import type { Trouble } from './faulty-server.ts';
import type { Case, World } from './table.ts';
import { type Arrived, atWrite, fromWrite, outcomeOf, under, writesIn } from './trials.ts';
import { expectFault } from './troubles.ts';

/** Undo is refused when somebody has changed what was written, and changes nothing then. */
export async function undoneAfterMeddling<W extends World>(
  world: W,
  operation: AnyOperation,
  { meddle }: Case<W>,
  arrived: Arrived,
): Promise<void> {
  const { bed } = world;
  await bed.call(operation, 'execute', arrived);
  await meddle?.(world);
  const before = writesIn(bed);
  const { fault, crash, value } = await outcomeOf(bed.call(operation, 'restore', arrived));
  expect(crash).toBeUndefined();
  expect(['world-changed', 'conflict', 'not-found'], `${JSON.stringify(value)} ${fault?.message}`).toContain(
    fault?.code,
  );
  expect(writesIn(bed)).toBe(before);
}

/** Undo puts back what was, is verified, and done again changes nothing. */
export async function undoneTwice({ bed }: World, operation: AnyOperation, arrived: Arrived): Promise<void> {
  await bed.call(operation, 'execute', arrived);
  expect(typeof (await bed.call(operation, 'preview-restore', arrived)).summary).toBe('string');
  await restoredForGood(bed, operation, arrived);
}

/**
 * What follows a write goes wrong with each of the troubles. Without an answer neither look says that all is well; an
 * undo that wrote nothing ends with the code, one that stopped half way never with a fault that says that nothing was
 * done. Then it is done all the same.
 */
export async function undoneUnder(
  { bed }: World,
  operation: AnyOperation,
  arrived: Arrived,
  troubles: readonly Trouble[],
  code: FaultCode,
): Promise<void> {
  await bed.call(operation, 'execute', arrived);
  for (const trouble of troubles) {
    const where = JSON.stringify(trouble);
    for (const phase of ['verify', 'preview-restore', 'restore', 'verify-restored'] as const)
      expectFault(await under(bed, () => trouble, operation, phase, arrived), [code], `${phase}: ${where}`);
    const before = writesIn(bed);
    const refused = await under(bed, fromWrite(0, trouble), operation, 'restore', arrived);
    expectFault(refused, [code], `restore: every write: ${where}`);
    expect(writesIn(bed), where).toBe(before);
  }
  for (const trouble of troubles) {
    const where = JSON.stringify(trouble);
    const half = await under(bed, fromWrite(1, trouble), operation, 'restore', arrived);
    expect(half.crash, where).toBeUndefined();
    expect(unsure, `${where}: ${half.fault?.message}`).toContain(half.fault?.code);
  }
  await restoredForGood(bed, operation, arrived);
}

/** After these the engine does not take it that nothing was done (`certain` in src/engine/run-step.ts). */
const unsure: (FaultCode | undefined)[] = ['unhealthy', 'unreachable', 'timeout'];

/** The worker is killed after the first write of an undo, and before its third: the undo is done again. */
export async function undoKilled(
  fresh: (run: (world: World, arrived: Arrived) => Promise<void>) => Promise<void>,
  operation: AnyOperation,
): Promise<void> {
  for (const [number, carriedOut] of [[0, true] as const, [2, false] as const])
    await fresh(async ({ bed }, arrived) => {
      await bed.call(operation, 'execute', arrived);
      const before = writesIn(bed);
      await under(bed, atWrite(number, { kind: 'kill', carriedOut }), operation, 'restore', arrived);
      expect(writesIn(bed)).toBeGreaterThan(before);
      await restoredForGood(bed, operation, arrived);
    });
}

async function restoredForGood(bed: World['bed'], operation: AnyOperation, arrived: Arrived): Promise<void> {
  await bed.call(operation, 'restore', arrived);
  expect(await bed.call(operation, 'verify-restored', arrived)).toMatchObject({ state: 'healthy' });
  const before = writesIn(bed);
  await bed.call(operation, 'restore', arrived);
  expect(writesIn(bed), 'undone again').toBe(before);
  expect(await bed.call(operation, 'verify-restored', arrived)).toMatchObject({ state: 'healthy' });
}
