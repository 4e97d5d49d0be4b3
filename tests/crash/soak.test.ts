import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, expect, it } from 'vitest';
import { createRandom } from '../../src/domain/random.ts';
import { type Fleet, type Member, startFleet } from './fleet.ts';
import { type Outcome, traffic, troubles } from './traffic.ts';

// REIGN_SOAK_MINUTES says how long (0.5); `npm run test:soak` takes half an hour. REIGN_SOAK_SEED repeats what failed.
const minutes = Number(process.env['REIGN_SOAK_MINUTES'] ?? 0.5);
const seed = Number(process.env['REIGN_SOAK_SEED'] ?? Date.now() % 1_000_000);

let fleet: Fleet | undefined;
afterEach(() => fleet?.stop(), 120_000);

it(
  `${minutes} minutes of messages, approvals and faults (REIGN_SOAK_SEED=${seed})`,
  async () => {
    const running = await startFleet({ gateways: 2, workers: 2, deployments: 12 });
    fleet = running;
    const end = Date.now() + minutes * 60_000;
    const over = () => Date.now() > end;
    const memory = watchMemory(running, over);
    const harm = faults(running, createRandom(seed), over);
    const outcomes = await traffic(running, { seed, people: 4, ends: over });
    const done = await harm;
    const wrong = await troubles(running, outcomes);
    const right = outcomes.filter(({ trouble }) => trouble === undefined).length / outcomes.length;
    console.log(report(outcomes, right, done, memory()));
    expect(wrong, `REIGN_SOAK_SEED=${seed}`).toEqual([]);
    expect(right).toBeGreaterThanOrEqual(0.999);
    // In a few minutes there is more warming up than leaking.
    if (minutes < 10) return;
    for (const { name, second, last } of memory()) expect(last, name).toBeLessThan(second * 1.15 + 16);
  },
  (minutes + 10) * 60_000,
);

type Fault = { name: string; strike(fleet: Fleet, random: () => number): Promise<unknown> };

/** The first gateway and the first worker are never restarted: their memory is watched. */
const restarted = ({ members }: Fleet) => members.filter(({ name }) => !name.endsWith('-1'));

const kinds: readonly Fault[] = [
  { name: 'SIGTERM', strike: (all, random) => all.restart(pick(restarted(all), random), 'SIGTERM') },
  { name: 'SIGKILL', strike: (all, random) => all.restart(pick(restarted(all), random), 'SIGKILL') },
  { name: 'a pause', strike: (all, random) => pause(pick(all.members, random), random() * 6_000) },
  { name: 'Redis emptied', strike: ({ reign }) => onRedis(reign.redis.url, (redis) => redis.flushall()) },
  {
    name: 'Redis silent',
    strike: ({ reign }, random) =>
      onRedis(reign.redis.url, (redis) => redis.client('PAUSE', Math.round(random() * 8_000))),
  },
  {
    name: 'connections to Postgres ended',
    strike: ({ rows }) =>
      rows(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and application_name like 'reign-%'`),
  },
];

async function faults(running: Fleet, random: () => number, over: () => boolean): Promise<string[]> {
  const done: string[] = [];
  while (!over()) {
    await delay(1_000 + random() * 5_000);
    const fault = pick(kinds, random);
    await fault.strike(running, random);
    done.push(fault.name);
  }
  return done;
}

async function pause({ process: { child } }: Member, milliseconds: number): Promise<void> {
  child.kill('SIGSTOP');
  await delay(milliseconds);
  child.kill('SIGCONT');
}

async function onRedis(url: string, work: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(url);
  await work(redis).finally(() => redis.disconnect());
}

function pick<T>(all: readonly T[], random: () => number): T {
  return all[Math.floor(random() * all.length)] as T;
}

type Memory = { name: string; second: number; last: number };

/** Medians of the second and the last quarter, in MB, of what the processes that are never restarted hold. */
function watchMemory({ members }: Fleet, over: () => boolean): () => Memory[] {
  const samples = new Map<Member, number[]>();
  const timer = setInterval(() => {
    if (over()) return clearInterval(timer);
    for (const member of members.filter(({ name }) => name.endsWith('-1'))) {
      samples.set(member, [...(samples.get(member) ?? []), megabytesOf(member.process.child.pid ?? 0)]);
    }
  }, 1_000);
  return () =>
    [...samples].map(([{ name }, all]) => {
      const quarter = Math.floor(all.length / 4);
      return { name, second: median(all.slice(quarter, 2 * quarter)), last: median(all.slice(-quarter)) };
    });
}

function megabytesOf(pid: number): number {
  const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(resident ?? 0) / 1024);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function report(
  outcomes: readonly Outcome[],
  right: number,
  done: readonly string[],
  memory: Memory[],
): string {
  const took = outcomes.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const at = (share: number) => `${((took[Math.floor((took.length - 1) * share)] ?? 0) / 1000).toFixed(1)} s`;
  const counts = kinds.map(({ name }) => `${done.filter((each) => each === name).length} × ${name}`);
  return [
    `Soak of ${minutes} minutes, seed ${seed}: ${outcomes.length} plans, ${(right * 100).toFixed(2)}% ended right`,
    `from message to end: ${at(0.5)} (median), ${at(0.95)} (95%), ${at(1)} (longest)`,
    `faults: ${counts.join(', ')}`,
    ...memory.map(({ name, second, last }) => `memory of ${name}: ${second} MB, then ${last} MB`),
  ].join('\n');
}
