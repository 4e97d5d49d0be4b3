import { expect } from 'vitest';
import { type Fault, FaultError, toFault } from '../../../src/domain/fault.ts';
import type { AnyOperation, Preview } from '../../../src/domain/operation.ts';
import type { StepPhase } from '../../../src/domain/ports/sandbox.ts';
import type { Any, Args, Bed } from './bed.ts';
import type { Seen, Trouble } from './faulty-server.ts';
import { type Case, requestOf, type World } from './table.ts';

/** What a step knows before it writes. */
export type Arrived = { request: object; input: Any; approved: Preview; undo: Any; idempotencyKey: string };

/** How a phase ended. `crash`: with an error that is no fault. */
export type Outcome = { value?: Any; fault?: Fault; crash?: string };

/** Resolves, previews and captures, as the engine does; fails with what was asked instead of an input. */
export async function arrive(bed: Bed, operation: AnyOperation, request: object): Promise<Arrived> {
  const resolution = await bed.call(operation, 'resolve', { request });
  if (resolution.kind !== 'input') throw new Error(`not resolved: ${JSON.stringify(resolution)}`);
  const { input } = resolution;
  const approved = (await bed.call(operation, 'preview', { input })) as Preview;
  const undo = reverses(operation, input) ? await bed.call(operation, 'capture', { input }) : undefined;
  return { request, input, approved, undo, idempotencyKey: 'step-7' };
}

/** The same in a world made ready for a case, which is closed when `run` has ended. */
export async function inWorld<W extends World>(
  open: () => Promise<W>,
  operation: AnyOperation,
  tried: Case<W>,
  run: (world: W, arrived: Arrived) => Promise<void>,
): Promise<void> {
  const world = await open();
  try {
    await makeReady(world, tried);
    await run(world, await arrive(world.bed, operation, requestOf(tried, world)));
    expect(world.bed.refused).toEqual([]);
  } finally {
    await world.close();
  }
}

/** What is made ready is no write of the trial's. */
export async function makeReady<W extends World>(world: W, { before }: Case<W>): Promise<void> {
  await before?.(world);
  for (const server of world.bed.servers) server.written = [];
}

export function reverses({ undo }: AnyOperation, input: Any): boolean {
  return undo.kind === 'reversible' && undo.unless?.(input) === undefined;
}

/** Runs a phase while the chosen requests of it go wrong. */
export async function under(
  bed: Bed,
  trouble: (seen: Seen) => Trouble | undefined,
  operation: AnyOperation,
  phase: StepPhase,
  args: Args,
): Promise<Outcome> {
  for (const server of bed.servers) server.trouble = trouble;
  try {
    return await outcomeOf(bed.call(operation, phase, args));
  } finally {
    for (const server of bed.servers) server.trouble = undefined;
  }
}

export async function outcomeOf(call: Promise<Any>): Promise<Outcome> {
  try {
    return { value: await call };
  } catch (error) {
    const fault = toFault(error);
    return error instanceof FaultError ? { fault } : { fault, crash: String((error as Error).stack) };
  }
}

/** The different requests of a phase, as it makes them when all is well. */
export async function requestsOf(bed: Bed, run: () => Promise<unknown>): Promise<string[]> {
  for (const server of bed.servers) server.asked = [];
  await run();
  return [...new Set(bed.servers.flatMap((server) => server.asked.map(nameOf)))];
}

/** Times in a path are left out: they go on. */
export function nameOf({ method, path, dryRun }: Seen): string {
  return `${method} ${path.replaceAll(/\b\d{10}\b/g, '#')}${dryRun ? ' (dry run)' : ''}`;
}

/** How many writes the real servers got so far; those of `again` count once. */
export function writesIn(bed: Bed, again?: RegExp): number {
  const names = bed.servers.flatMap(({ written }) => written.map(nameOf));
  return names.filter((name, at) => again?.test(name) !== true || names.indexOf(name) === at).length;
}

/** Chooses the write of a number, counted from 0. */
export function atWrite(number: number, trouble: Trouble): (seen: Seen) => Trouble | undefined {
  let at = 0;
  return (seen) => (!seen.look && at++ === number ? trouble : undefined);
}

/** The same, with all after it. */
export function fromWrite(number: number, trouble: Trouble): (seen: Seen) => Trouble | undefined {
  let at = 0;
  return (seen) => (!seen.look && at++ >= number ? trouble : undefined);
}
