import { expect, it } from 'vitest';
import type { CallOptions, StepSession } from '../domain/ports/sandbox.ts';
import { separateSessions } from './separate-sessions.ts';

const asked: string[] = [];
const ended = new Set<string>();
const session = (name: string): StepSession => ({
  call: async ({ operation }) => {
    asked.push(`${name}: ${operation}`);
    return { ok: true, value: null };
  },
  ended: () => ended.has(name),
  close: async () => void asked.push(`${name}: closed`),
});

const deadline = new Date(1000);
const options = { grant: { connections: [] }, deadline } as unknown as CallOptions;

it('gives each plugin a process of its own, and the other tools one that no plugin comes into', async () => {
  let opened = 0;
  const all = separateSessions(['board', 'boards'], async () => {
    opened += 1;
    return session(`process ${opened}`);
  });
  for (const operation of ['board.list', 'kubernetes.scale', 'boards.list', 'board.close', 'docker.stop'])
    await all.call({ operation, phase: 'execute', args: null }, options);
  await all.close();
  expect(asked).toEqual([
    ...['process 1: board.list', 'process 2: kubernetes.scale', 'process 3: boards.list'],
    ...['process 1: board.close', 'process 2: docker.stop'],
    ...['process 1: closed', 'process 2: closed', 'process 3: closed'],
  ]);
});

it('has ended as soon as one of its processes has', async () => {
  let opened = 0;
  const all = separateSessions(['board'], async () => {
    opened += 1;
    return session(`process ${opened}`);
  });
  expect(all.ended()).toBe(false);
  for (const operation of ['board.list', 'docker.stop'])
    await all.call({ operation, phase: 'verify', args: null }, options);
  expect(all.ended()).toBe(false);
  ended.add('process 2');
  expect(all.ended()).toBe(true);
  ended.clear();
});

it('answers with the fault where a process cannot be opened, and closes all the same', async () => {
  const all = separateSessions(['board'], async () => {
    throw new Error('no room');
  });
  const reply = await all.call({ operation: 'board.list', phase: 'execute', args: null }, options);
  expect(reply).toMatchObject({ ok: false, fault: { message: 'no room' } });
  await all.close();
});

it('gives a look its whole time, and a write no more than it was given', async () => {
  const given: number[] = [];
  const all = separateSessions([], async () => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    const call: StepSession['call'] = async (_, { deadline }) => {
      given.push(deadline.getTime());
      return { ok: true, value: null };
    };
    return { call, ended: () => false, close: async () => undefined };
  });
  const call = { operation: 'x.y', phase: 'execute' as const, args: null };
  const write = { rules: [], gate: async () => ({ ok: true as const }) };
  await Promise.all([
    all.call(call, options),
    all.call(call, { ...options, grant: { connections: [], write } }),
  ]);
  expect(given[0]).toBeGreaterThan(1020);
  expect(given[1]).toBe(1000);
});
