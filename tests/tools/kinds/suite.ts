import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultCode } from '../../../src/domain/fault.ts';
import type { AnyOperation } from '../../../src/domain/operation.ts';
import { takesNoJunk } from './bad-input.ts';
import type { Trouble } from './faulty-server.ts';
import { killed } from './lost.ts';
import { type Case, type Kind, kindsOf, requestOf, type Table, type World } from './table.ts';
import { type Arrived, arrive, inWorld, makeReady, outcomeOf, writesIn } from './trials.ts';
import { brokenAnswers, hanging, lookUnder } from './troubles.ts';
import { undoKilled, undoneAfterMeddling, undoneTwice, undoneUnder } from './undone.ts';

/** Tries every operation of a table with each of its kinds. Those that write nothing share a world. */
export function runTable<W extends World>(table: Table<W>): void {
  test('the table holds every operation of the tool', () => {
    expect(Object.keys(table.cases).sort()).toEqual(table.tool.operations.map(({ id }) => id).sort());
  });
  for (const operation of table.tool.operations) {
    const tried = table.cases[operation.id];
    if (tried !== undefined) describe.concurrent(operation.id, () => tryOperation(table, operation, tried));
  }
}

function tryOperation<W extends World>(table: Table<W>, operation: AnyOperation, tried: Case<W>): void {
  let world: W;
  let arrived: Arrived;
  beforeAll(async () => {
    world = await table.open();
    await makeReady(world, tried);
    arrived = await arrive(world.bed, operation, requestOf(tried, world));
  });
  afterAll(() => world?.close());
  const fresh = (run: (world: W, arrived: Arrived) => Promise<void>) =>
    inWorld(table.open, operation, tried, run);
  const { broken = { troubles: brokenAnswers, codes: ['unreachable'] } } = table;
  const program = table.program === true;
  const undoes = program && kindsOf(operation, tried as Case<never>).includes('undo');
  const look = (troubles: readonly Trouble[], codes: readonly FaultCode[]) =>
    lookUnder(world, operation, tried, arrived, { troubles, codes, program });
  const throughout = async (troubles: readonly Trouble[], code: FaultCode) => {
    await look(troubles, [code]);
    if (undoes) await fresh((own, given) => undoneUnder(own, operation, given, troubles, code));
  };
  const trials: { [kind in Kind]: () => Promise<void> } = {
    'bad input': () => takesNoJunk(world.bed, operation, arrived),
    'not found': () => notFound(world, operation, tried),
    'no rights': () => throughout(table.refusals, 'not-allowed'),
    'time-out': () => throughout(hanging, 'timeout'),
    'broken answers': () => look(broken.troubles, broken.codes),
    success: () =>
      operation.effect === 'read'
        ? succeeds(world, operation, tried, arrived)
        : fresh((own, given) => succeeds(own, operation, tried, given)),
    conflict: () => fresh((own, given) => conflicts(own, operation, tried, given)),
    'lost worker': async () => {
      if (table.killed) return table.killed(fresh, operation);
      await killed(fresh, operation, tried as Case<never>, program);
      if (undoes) await undoKilled(fresh, operation);
    },
    undo: () =>
      fresh((own, given) =>
        tried.meddle === undefined
          ? undoneTwice(own, operation, given)
          : undoneAfterMeddling(own, operation, tried, given),
      ),
    'undo twice': () => fresh((own, given) => undoneTwice(own, operation, given)),
  };
  for (const kind of kindsOf(operation, tried as Case<never>))
    test.sequential(kind, trials[kind], program ? 180_000 : undefined);
}

async function succeeds<W extends World>(
  { bed }: W,
  operation: AnyOperation,
  tried: Case<W>,
  arrived: Arrived,
): Promise<void> {
  const output = await bed.call(operation, 'execute', arrived);
  expect(JSON.stringify(operation.render(output, arrived.input as never)).length).toBeGreaterThan(10);
  if (operation.effect === 'read') return expect(writesIn(bed)).toBe(0);
  if (tried.traceless !== true) expect(await bed.call(operation, 'landed', arrived)).toBe('yes');
  expect(await bed.call(operation, 'verify', { ...arrived, output })).toMatchObject({ state: 'healthy' });
}

/** It is said at once, or asked about; or the look or the preview says it. */
async function notFound<W extends World>({ bed }: W, operation: AnyOperation, tried: Case<W>): Promise<void> {
  const before = writesIn(bed);
  const { value, fault, crash } = await outcomeOf(
    bed.call(operation, 'resolve', { request: tried.missing as object }),
  );
  expect(crash).toBeUndefined();
  if (value?.kind === 'input') {
    const phase = operation.effect === 'read' ? 'execute' : 'preview';
    const later = await outcomeOf(
      bed.call(operation, phase, { input: value.input, idempotencyKey: 'step-8' }),
    );
    expect(later.fault?.code, JSON.stringify(later)).toBe('not-found');
  } else if (fault === undefined) expect(['question', 'impossible']).toContain(value.kind);
  else expect(fault.code, fault.message).toBe('not-found');
  expect(writesIn(bed)).toBe(before);
}

/** What was approved is not there as it was, or not at all. */
const refusals = ['world-changed', 'conflict', 'not-found'];

async function conflicts<W extends World>(
  world: W,
  operation: AnyOperation,
  { meddle, unmarked }: Case<W>,
  arrived: Arrived,
): Promise<void> {
  expect(meddle, `${operation.id} names no change of somebody else's`).toBeDefined();
  await meddle?.(world);
  const { fault, crash } = await outcomeOf(world.bed.call(operation, 'execute', arrived));
  expect(crash).toBeUndefined();
  expect(refusals, fault?.message).toContain(fault?.code);
  expect(writesIn(world.bed)).toBe(0);
  if (unmarked) return;
  const landed = await outcomeOf(world.bed.call(operation, 'landed', arrived));
  expect(landed.crash).toBeUndefined();
  expect(landed.value).not.toBe('yes');
}
