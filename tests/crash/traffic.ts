import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type PlanState, planEnded } from '../../src/domain/plan.ts';
import { createRandom } from '../../src/domain/random.ts';
import type { Fleet, Member } from './fleet.ts';
import { brokenPromises, type Sent } from './support.ts';

/** How one wish ended; `trouble` says what was wrong with it. */
export type Outcome = { text: string; sent?: Sent; plan?: string; trouble?: string; milliseconds: number };

type Wish = { text: string; state: PlanState; writes: number };
type Row = { id: string; state: PlanState; revision: number; outcome: string | null };

/** How long one plan may take through whatever is done to the processes meanwhile, in milliseconds. */
const patienceMs = 120_000;

/**
 * People who ask and approve all the time, each on deployments of their own and by whichever gateway takes it, until
 * `ends`. What they ask is the same for a seed each time.
 */
export async function traffic(
  fleet: Fleet,
  { seed, people, ends }: { seed: number; people: number; ends: () => boolean },
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const person = async (index: number) => {
    const random = createRandom(seed + index);
    const own = fleet.deployments.filter((_, position) => position % people === index);
    for (let turn = 0; !ends(); turn += 1) {
      const wish = wishFor(own[turn % own.length] ?? '', turn, random);
      outcomes.push(await carryOut(fleet, wish, own[turn % own.length] ?? '', random));
      await delay(random() * 400);
    }
  };
  await Promise.all(Array.from({ length: people }, (_, index) => person(index)));
  return outcomes;
}

/** What does not hold of these plans and of all that must hold once nothing is under way. */
export async function troubles(fleet: Fleet, outcomes: readonly Outcome[]): Promise<string[]> {
  const wrong = outcomes.flatMap(({ text, plan, trouble }) =>
    trouble === undefined ? [] : [`${text} (${plan ?? 'no plan'}): ${trouble}`],
  );
  const sent = outcomes.flatMap((outcome) => outcome.sent ?? []);
  const all = [...wrong, ...(await brokenPromises({ rows: fleet.rows, api: fleet }, sent))];
  if (all.length === 0) return [];
  const logs = fleet.members.map(async (member) => `${member.name} said last:\n${await lastWords(member)}`);
  return [...all, ...(await Promise.all(logs))];
}

async function lastWords({ dataDir }: Member): Promise<string> {
  const log = await readFile(path.join(dataDir, 'logs', 'reign.log'), 'utf8').catch(String);
  return log.split('\n').slice(-12).join('\n');
}

function wishFor(name: string, turn: number, random: () => number): Wish {
  const kind = random();
  if (kind < 0.4) return { text: `restart ${name} in staging`, state: 'succeeded', writes: 1 };
  if (kind < 0.7)
    return { text: `scale ${name} to ${2 + (turn % 2)} in staging`, state: 'succeeded', writes: 1 };
  const tag = `${turn}-${Math.floor(random() * 1e6)}`;
  const image = (prefix: string) =>
    `set the image of ${name} in staging to registry.demo/${name}:${prefix}${tag}`;
  if (kind < 0.9) return { text: image(''), state: 'succeeded', writes: 1 };
  return { text: image('bad-'), state: 'rolled-back', writes: 2 };
}

async function carryOut(fleet: Fleet, wish: Wish, name: string, random: () => number): Promise<Outcome> {
  const { text } = wish;
  const before = fleet.cluster.writesTo(name);
  const began = Date.now();
  const took = () => ({ text, milliseconds: Date.now() - began });
  let sent: Sent | undefined;
  try {
    sent = await fleet.say(text, Math.floor(random() * 10));
    const plan = await ended(fleet, sent, began + patienceMs);
    const writes = fleet.cluster.writesTo(name) - before;
    const trouble = troubleOf(wish, plan, writes);
    return { ...took(), sent, plan: plan.id, ...(trouble ? { trouble } : {}) };
  } catch (error) {
    return { ...took(), ...(sent ? { sent } : {}), trouble: (error as Error).message };
  }
}

function troubleOf(wish: Wish, plan: Row, writes: number): string | undefined {
  // Scaling to what it is already needs no write.
  const least = wish.text.startsWith('scale') ? 0 : wish.writes;
  if (plan.state !== wish.state) return `it ended as ${plan.state}: ${plan.outcome}`;
  if (writes > wish.writes || writes < least)
    return `${writes} writes reached the cluster, not ${wish.writes}`;
  return undefined;
}

/** What became of a message of which no plan was made. */
async function instead({ rows }: Fleet, message: string): Promise<unknown> {
  const found = await rows(
    'select m.state, m.outcome, e.body from messages m left join chat_entries e on e.key = $2 where m.id = $1',
    [message, `r-${message}`],
  );
  return found[0] ?? 'no message';
}

async function ended(fleet: Fleet, { message }: Sent, late: number): Promise<Row> {
  let last: Row | undefined;
  for (;;) {
    if (Date.now() > late)
      throw new Error(`it does not end: ${JSON.stringify(last ?? (await instead(fleet, message)))}`);
    await delay(150);
    const found = fleet.rows<Row>('select id, state, revision, outcome from plans where message_id = $1', [
      message,
    ]);
    // The database may be away for a moment.
    const [plan] = await found.catch((): Row[] => []);
    if (!plan) continue;
    last = plan;
    if (planEnded(plan.state)) return plan;
    if (plan.state !== 'waiting-for-approval') continue;
    const click = { revision: plan.revision, verdict: 'approve' };
    await fleet.call('POST', `/plans/${plan.id}/decisions`, click).catch(() => {});
  }
}
