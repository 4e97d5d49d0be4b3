import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanState } from '../../src/domain/plan.ts';
import { createScene, type Deployment, lanes, type Role, type Scene, type Sent } from './support.ts';

const runs = Number(process.env['REIGN_CRASH_RUNS'] ?? 20);
const firstSeed = Number(process.env['REIGN_CRASH_SEED'] ?? Date.now() % 1_000_000);

const victims: readonly (readonly Role[])[] = [['worker'], ['gateway'], ['worker', 'gateway']];

describe(`kill -9 at random points (REIGN_CRASH_SEED=${firstSeed})`, () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await createScene();
  });
  afterAll(() => scene?.stop());

  // Several runs share the processes, so that each kill meets many plans in all their states.
  const seeds = Array.from({ length: runs }, (_, run) => firstSeed + run);
  it.concurrent.each(seeds)('seed %i', (seed) => withLane((lane) => run(scene, seed, lane)));
});

type Lane = readonly string[];

async function run(scene: Scene, seed: number, lane: Lane): Promise<void> {
  const random = randomFrom(seed);
  const before = await world(scene, lane);
  const wishes = wishesOf(seed, lane, before);
  const sent = await Promise.all(wishes.map(({ text }) => scene.say(text)));
  // One run in four is struck while the plans are still being made.
  if (random() < 0.75) await Promise.all(sent.map((one) => scene.planOf(one)));
  const finished = scene.finish(sent);
  // Awaited below; what fails before that is reported first.
  finished.catch(() => {});
  const late = delay(random() * 500).then(() => scene.say('list deployments in crash in staging'));
  late.catch(() => {});
  await delay(random() * 2_500);
  await killAndStart(scene, random);
  await finished;
  const all = [...sent, await late];
  await scene.finish(all);
  expect(await outcomes(scene, wishes, sent, before)).toEqual(
    wishes.map(({ text }) => `${text}: as it should be`),
  );
  expect(await scene.brokenPromises(all)).toEqual([]);
}

let striking: Promise<unknown> = Promise.resolve();

/** One kill and start at a time: what another run has just killed is up again first. */
function killAndStart(scene: Scene, random: () => number): Promise<void> {
  const strike = async () => {
    const struck = victims[Math.floor(random() * victims.length)] ?? ['worker'];
    await scene.kill(struck);
    await delay(random() * 500);
    await scene.start(struck);
  };
  const next = striking.then(strike, strike);
  striking = next;
  return next;
}

const free: Lane[] = [...lanes];
const waiting: ((lane: Lane) => void)[] = [];

async function withLane(work: (lane: Lane) => Promise<void>): Promise<void> {
  const lane = free.pop() ?? (await new Promise<Lane>((resolve) => waiting.push(resolve)));
  try {
    await work(lane);
  } finally {
    const next = waiting.shift();
    if (next) next(lane);
    else free.push(lane);
  }
}

type World = Record<string, Deployment>;

type Wish = {
  text: string;
  /** What is wrong with how it ended, or undefined. */
  problem(state: PlanState, after: World): string | undefined;
};

/** A restart that must not happen twice, branches side by side, an image that may be bad, and a script. */
function wishesOf(seed: number, lane: Lane, before: World): Wish[] {
  const [restarted = '', left = '', right = '', good = '', bad = ''] = lane;
  const other = (name: string) => ((before[name]?.replicas ?? 1) % 2) + 1;
  const [a, b] = [other(left), other(right)];
  const image = `registry.demo/${good}:${seed}`;
  return [
    {
      text: `restart ${restarted} in staging`,
      problem: (state, after) => wrong(state, 'succeeded') ?? writes(before, after, restarted, 1),
    },
    {
      text: `scale ${left} to ${a} and ${right} to ${b} in staging`,
      problem: (state, after) =>
        wrong(state, 'succeeded') ??
        writes(before, after, left, 1) ??
        writes(before, after, right, 1) ??
        differs('replicas', [after[left]?.replicas, after[right]?.replicas], [a, b]),
    },
    {
      text: `set the image of ${good} in staging to ${image}`,
      problem: (state, after) =>
        wrong(state, 'succeeded') ??
        writes(before, after, good, 1) ??
        differs('image', after[good]?.image, image),
    },
    {
      text: `set the image of ${bad} in staging to registry.demo/${bad}:bad-${seed}`,
      problem: (state, after) =>
        wrong(state, 'rolled-back') ??
        writes(before, after, bad, 2) ??
        differs('image', after[bad]?.image, before[bad]?.image),
    },
    // Whether a script has had its effect nobody can tell: once it was lost, a person has to look.
    { text: 'run `sleep 0.7` in staging', problem: (state) => wrong(state, 'succeeded', 'needs-a-person') },
  ];
}

function wrong(state: PlanState, ...right: PlanState[]): string | undefined {
  return right.includes(state) ? undefined : `it ended as ${state}`;
}

function writes(before: World, after: World, name: string, count: number): string | undefined {
  const made = (after[name]?.generation ?? 0) - (before[name]?.generation ?? 0);
  return made === count ? undefined : `${made} writes reached ${name}, not ${count}`;
}

function differs(what: string, is: unknown, should: unknown): string | undefined {
  const [a, b] = [JSON.stringify(is), JSON.stringify(should)];
  return a === b ? undefined : `${what} is ${a}, not ${b}`;
}

async function outcomes(scene: Scene, wishes: Wish[], sent: Sent[], before: World): Promise<string[]> {
  const after = await world(scene, Object.keys(before));
  return Promise.all(
    wishes.map(async ({ text, problem }, index) => {
      const [plan] = await scene.rows<{ id: string; state: PlanState; outcome: string }>(
        'select id, state, outcome from plans where message_id = $1',
        [sent[index]?.message],
      );
      const trouble = plan ? problem(plan.state, after) : 'it became no plan';
      return `${text}: ${trouble ? `${trouble} (${plan?.id}: ${plan?.outcome})` : 'as it should be'}`;
    }),
  );
}

async function world(scene: Scene, lane: Lane): Promise<World> {
  const all = await Promise.all(lane.map(async (name) => [name, await scene.deployment(name)] as const));
  return Object.fromEntries(all);
}

/** Numbers from 0 to 1 that a seed repeats (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
