import { expect } from 'vitest';
import type { AnyOperation } from '../../../src/domain/operation.ts';
import type { TerraformWorld } from './terraform.ts';
import { type Arrived, arrive, atWrite, type Outcome, outcomeOf, writesIn } from './trials.ts';

type Fresh = (run: (world: TerraformWorld, arrived: Arrived) => Promise<void>) => Promise<void>;

/**
 * Kills the worker, and Terraform with it, before and after each write and in the middle of the work; then does what the
 * engine does (`reconcile` in src/engine/run-step.ts). Stops it in the middle, too, and lets the answer of each write be
 * lost while the worker lives. However it went, each resource was made or destroyed once.
 */
export async function killedAtEveryWrite(fresh: Fresh, operation: AnyOperation): Promise<void> {
  let whole = 0;
  let wanted: string[] = [];
  await fresh(async ({ bed, done }, arrived) => {
    await bed.call(operation, 'execute', arrived);
    whole = writesIn(bed);
    wanted = done();
  });
  expect(whole).toBeGreaterThan(2);
  await fresh((world, arrived) => killedBetween(world, operation, arrived, wanted));
  await fresh((world, arrived) => stoppedBetween(world, operation, arrived, wanted));
  await fresh((world, arrived) => everyAnswerLost(world, operation, arrived, wanted));
  for (let number = 0; number < whole; number++)
    for (const carriedOut of [false, true])
      await fresh((world, arrived) =>
        killedAt(world, operation, arrived, wanted, { number, carriedOut, whole }),
      );
}

/** In the middle of the work: Terraform has done one thing and is at the next. */
async function killedBetween(
  world: TerraformWorld,
  operation: AnyOperation,
  arrived: Arrived,
  wanted: string[],
): Promise<void> {
  const { running, letGo } = await begin(world, operation, arrived, wanted);
  world.bed.kill();
  expect((await running).fault).toBeDefined();
  letGo();
  await asksAPerson(world, operation, arrived, 'killed in the middle');
  expect(world.done()).toEqual(wanted.slice(0, -1));
}

/** It ends what it is at, says what is left, and gives the state back: who asks again gets the rest. */
async function stoppedBetween(
  world: TerraformWorld,
  operation: AnyOperation,
  arrived: Arrived,
  wanted: string[],
): Promise<void> {
  const { bed, done } = world;
  const { running, letGo } = await begin(world, operation, arrived, wanted);
  bed.stop(operation.stop.signal);
  const { value: output, fault } = await running;
  expect(output?.errors.length, fault?.message).toBeGreaterThan(0);
  letGo();
  expect(await bed.call(operation, 'landed', arrived)).toBe('yes');
  expect(await bed.call(operation, 'verify', { ...arrived, output })).toMatchObject({ state: 'failed' });
  const rest = await arrive(bed, operation, arrived.request);
  await bed.call(operation, 'execute', { ...rest, idempotencyKey: 'step-8' });
  expect(done()).toEqual(wanted);
}

async function begin(
  { bed, done, hold }: TerraformWorld,
  operation: AnyOperation,
  arrived: Arrived,
  wanted: string[],
): Promise<{ running: Promise<Outcome>; letGo: () => void }> {
  const letGo = hold(wanted.at(-1) ?? '');
  const running = outcomeOf(bed.call(operation, 'execute', arrived));
  await expect.poll(() => done(), { timeout: 30_000 }).toEqual(wanted.slice(0, -1));
  return { running, letGo };
}

type Moment = { number: number; carriedOut: boolean; whole: number };

async function killedAt(
  world: TerraformWorld,
  operation: AnyOperation,
  arrived: Arrived,
  wanted: string[],
  { number, carriedOut, whole }: Moment,
): Promise<void> {
  const { bed, done } = world;
  const words = `killed ${carriedOut ? 'after' : 'before'} write ${number + 1} of ${whole}`;
  const [server] = bed.servers;
  if (server === undefined) throw new Error('no server');
  const chosen = atWrite(number, { kind: 'lost', answer: 'hangs' });
  server.hangs = () => bed.kill();
  server.trouble = (seen) => {
    const trouble = chosen(seen);
    if (trouble === undefined || carriedOut) return trouble;
    bed.kill();
    return { kind: 'hang' };
  };
  await outcomeOf(bed.call(operation, 'execute', arrived));
  server.trouble = undefined;
  const landed = await bed.call(operation, 'landed', arrived);
  const begun = number > 0 || carriedOut;
  const complete = carriedOut && number === whole - 1;
  expect(landed, words).toBe(complete ? 'yes' : begun ? 'unclear' : 'no');
  if (landed === 'unclear') return asksAPerson(world, operation, arrived, words);
  if (landed === 'no') await bed.call(operation, 'execute', arrived);
  expect(done(), words).toEqual(wanted);
  expect(await bed.call(operation, 'landed', arrived), words).toBe('yes');
  expect(await bed.call(operation, 'verify', arrived), words).toMatchObject({ state: 'healthy' });
}

/** Until the step has ended, nobody else begins, and all are told who holds the state. */
async function asksAPerson(
  { bed, done }: TerraformWorld,
  operation: AnyOperation,
  arrived: Arrived,
  words: string,
): Promise<void> {
  expect(await bed.call(operation, 'landed', arrived), words).toBe('unclear');
  const { fault } = await outcomeOf(bed.call(operation, 'resolve', arrived));
  expect(fault, words).toMatchObject({ code: 'locked', message: expect.stringContaining('step-7') });
  expect(new Set(done()).size, words).toBe(done().length);
}

/** The first answer to each write is lost, and Terraform asks again: what is done already is done. */
async function everyAnswerLost(
  { bed, done }: TerraformWorld,
  operation: AnyOperation,
  arrived: Arrived,
  wanted: string[],
): Promise<void> {
  const [server] = bed.servers;
  if (server === undefined) throw new Error('no server');
  const known = new Set<string>();
  server.trouble = ({ look, method, path, body }) => {
    const write = `${method} ${path} ${body}`;
    if (look || known.has(write)) return undefined;
    known.add(write);
    return { kind: 'lost', answer: 'breaks' };
  };
  const output = await bed.call(operation, 'execute', arrived);
  server.trouble = undefined;
  expect(known.size).toBeGreaterThan(2);
  expect(output.errors).toEqual([]);
  expect(done()).toEqual(wanted);
  expect(await bed.call(operation, 'landed', arrived)).toBe('yes');
  expect(await bed.call(operation, 'verify', { ...arrived, output })).toMatchObject({ state: 'healthy' });
}
