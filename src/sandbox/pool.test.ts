import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { silentLogger } from '../domain/ports/runtime.ts';
import type { Child } from './child.ts';
import type { Profile } from './options.ts';
import { createPool, type Pool } from './pool.ts';

type Fake = {
  number: number;
  profile: Profile;
  wanted: AbortSignal | undefined;
  alive: boolean;
  ended: boolean;
};

let pool: Pool | undefined;
afterEach(() => pool?.close());

function open(sizes: Record<Profile, number>, fails: (number: number) => boolean = () => false) {
  const started: Fake[] = [];
  const start = async (profile: Profile, wanted?: AbortSignal): Promise<Child> => {
    const fake: Fake = { number: started.length, profile, wanted, alive: true, ended: false };
    started.push(fake);
    await delay(1);
    if (fails(fake.number)) throw new Error('cannot start');
    const end = async () => {
      fake.ended = true;
    };
    return { fake, alive: () => fake.alive, end } as unknown as Child;
  };
  const opened = createPool({ sizes, start, logger: silentLogger });
  pool = opened;
  const take = async (profile: Profile): Promise<Fake> => {
    const child: unknown = await opened.take(profile);
    return (child as { fake: Fake }).fake;
  };
  return { started, take };
}

it('forks ahead by profile and hands each child out once', async () => {
  const { started, take } = open({ tool: 2, code: 1 });
  expect(started.map(({ profile }) => profile)).toEqual(['tool', 'tool', 'code']);
  const taken = [await take('tool'), await take('code'), await take('tool'), await take('tool')];
  expect(taken.map(({ number }) => number)).toEqual([0, 2, 1, 3]);
  expect(taken.map(({ wanted }) => wanted !== undefined)).toEqual([true, true, true, false]);
});

it('tells what is still being forked ahead that somebody waits for it', async () => {
  const { started, take } = open({ tool: 2, code: 0 });
  const taking = take('tool');
  expect(started.map(({ wanted }) => wanted?.aborted)).toEqual([true, false]);
  await taking;
});

it('fills up again, but only after the request had its time', async () => {
  const { started, take } = open({ tool: 1, code: 0 });
  await take('tool');
  expect(started).toHaveLength(1);
  await delay(400);
  expect(started).toHaveLength(2);
  expect((await take('tool')).number).toBe(1);
});

it('replaces a child that died while it waited', async () => {
  const { started, take } = open({ tool: 2, code: 0 });
  await delay(20);
  started[0]!.alive = false;
  expect((await take('tool')).number).toBe(1);
  expect(started[0]?.ended).toBe(true);
});

it('starts one at once when forking ahead failed, and lets its failure be seen', async () => {
  const { take } = open({ tool: 1, code: 0 }, (number) => number === 0);
  expect((await take('tool')).number).toBe(1);
  await pool?.close();
  const failing = open({ tool: 1, code: 0 }, () => true);
  await expect(failing.take('tool')).rejects.toThrow('cannot start');
});

it('ends what waits when it is closed', async () => {
  const { started } = open({ tool: 2, code: 1 });
  await pool?.close();
  expect(started.map(({ ended }) => ended)).toEqual([true, true, true]);
  await expect(pool?.take('tool')).rejects.toMatchObject({ fault: { code: 'cancelled' } });
});
