import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/domain/random.ts';
import { askRedis, type RedisServer, startRedisServer, startSentinel } from '../support/redis-servers.ts';
import { type TestReign, until } from '../support/reign.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { type Namespaces, namespacesThere, startNamespaces } from './namespaces.ts';
import { traffic, troubles } from './traffic.ts';

// Each link is cut where REIGN_CRASH_RUNS asks for much; else one to Postgres and one to Redis, as the seed says.
const long = Number(process.env['REIGN_CRASH_RUNS'] ?? 20) >= 100;
const seed = Number(process.env['REIGN_CRASH_SEED'] ?? Date.now() % 1_000_000);
/** Longer than a lease and its grace, so that others settle what the one that is cut off holds. */
const cutMs = 6_000;

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
}, 120_000);

describe.runIf(namespacesThere())(`processes in namespaces of their own (REIGN_CRASH_SEED=${seed})`, () => {
  it('lose and repeat nothing while links are cut without a word and Redis fails over', async () => {
    const { fleet, network, redis } = await separate();
    const names = fleet.members.map(({ name }) => name);
    const random = createRandom(seed);
    await underLoad(fleet, async () => {
      for (const port of [network.database, redis.ports]) {
        const one = names[Math.floor(random() * names.length)] ?? '';
        for (const name of long ? names : [one]) await during([name], network, port);
        if (long) await during(names, network, port);
      }
      await redis.failOver();
    });
  });
});

async function separate(): Promise<{ fleet: Fleet; network: Namespaces; redis: Sentinels }> {
  let made: { network: Namespaces; redis: Sentinels } | undefined;
  const network = async ({ database }: TestReign) => {
    const own = await startNamespaces(database.url);
    cleanUp.push(own.close);
    const redis = await startSentinels(own.address);
    made = { network: own, redis };
    return {
      address: own.address,
      async place(name: string) {
        const { env, enter } = await own.place(name);
        return { env: { ...env, ...redis.env }, enter };
      },
    };
  };
  const fleet = await startFleet({ gateways: 2, workers: 2, deployments: 6, network });
  cleanUp.push(fleet.stop);
  return { fleet, ...(made as NonNullable<typeof made>) };
}

type Sentinels = { env: Record<string, string>; ports: readonly number[]; failOver(): Promise<void> };

/** A master, a replica and a Sentinel on one address. */
async function startSentinels(host: string): Promise<Sentinels> {
  const kept = async (server: Promise<RedisServer>) => {
    const started = await server;
    cleanUp.push(started.stop);
    return started;
  };
  const place = { host, enter: [] };
  const master = await kept(startRedisServer([], { place }));
  const replica = await kept(startRedisServer([`replicaof ${host} ${master.port}`], { place }));
  const watched = { name: 'reign', host, port: master.port, quorum: 1 };
  const sentinel = await kept(startSentinel(watched, { place }));
  const says = (...words: string[]) => askRedis(host, sentinel.port, 'sentinel', ...words);
  return {
    env: { REDIS_URL: '', REIGN_REDIS_SENTINELS: `${host}:${sentinel.port}`, REIGN_REDIS_MASTER: 'reign' },
    ports: [master.port, replica.port, sentinel.port],
    async failOver() {
      const known = () => says('replicas', 'reign').includes(String(replica.port));
      await until(known, 30_000, () => 'the Sentinel does not know the replica');
      await master.stop();
      const over = () => says('get-master-addr-by-name', 'reign').includes(String(replica.port));
      await until(over, 60_000, () => `no other master: ${says('master', 'reign')}`);
      await delay(5_000);
    },
  };
}

async function underLoad(fleet: Fleet, harm: () => Promise<void>): Promise<void> {
  let over = false;
  const load = traffic(fleet, { seed, people: 3, ends: () => over });
  await harm().finally(() => {
    over = true;
  });
  const outcomes = await load;
  expect(outcomes.length).toBeGreaterThan(2);
  expect(await troubles(fleet, outcomes)).toEqual([]);
  const left = fleet.members.filter(
    ({ process: { child } }) => child.exitCode !== null || child.signalCode !== null,
  );
  expect(left.map(({ name }) => name)).toEqual([]);
}

/** Cuts, waits and heals; whoever was cut off is of use again, or the next cut would leave nobody. */
async function during(
  names: readonly string[],
  network: Namespaces,
  ports: readonly number[],
): Promise<void> {
  for (const name of names) network.cut(name, ports);
  await delay(cutMs);
  for (const name of names) network.heal(name);
  await delay(2_000);
}
