import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  type LocalSlack,
  slackThere,
  startSlack,
  tokens,
  users,
  wordsOf,
} from '../support/local-slack/index.ts';
import { until } from '../support/reign.ts';
import { type Fleet, type Member, startFleet } from './fleet.ts';
import { traffic, troubles } from './traffic.ts';

// Several gateways and workers on one database and one Redis, each with a data folder of its own.

const seed = Number(process.env['REIGN_CRASH_SEED'] ?? Date.now() % 1_000_000);

let fleet: Fleet;
let slack: LocalSlack | undefined;
beforeAll(async () => {
  slack = slackThere ? await startSlack() : undefined;
  const chat = slack && {
    SLACK_BOT_TOKEN: tokens.bot,
    SLACK_APP_TOKEN: tokens.app,
    SLACK_API_URL: slack.apiUrl,
  };
  fleet = await startFleet({ gateways: 3, workers: 3, deployments: 12, ...(chat ? { env: chat } : {}) });
}, 240_000);
afterAll(async () => {
  await fleet?.stop();
  await slack?.stop();
});

const gateway = (index: number) => fleet.gateways()[index] as Member;

it('what was said on one gateway is shown and decided on another, and a page on the third is told at once', async () => {
  const sent = await gateway(0).api.ask('restart svc-1 in staging');
  const page = await watch(gateway(2), sent.conversation);
  const body = await gateway(1).api.reply(sent);
  if (body.kind !== 'plan') throw new Error(JSON.stringify(body));
  expect((await gateway(2).api.decide(body.plan)).status).toBe(200);
  for (const { api } of fleet.gateways()) await api.until(body.plan.id, ({ state }) => state === 'succeeded');
  await expect.poll(() => page.seen.some((text) => text.includes('final-')), { timeout: 5_000 }).toBe(true);
  page.close();
  expect(fleet.cluster.writesTo('svc-1')).toBe(1);
});

it('one decision counts, however many gateways are asked at once', async () => {
  const plan = await gateway(0).api.planFor('scale svc-2 to 3 in staging');
  const answers = await Promise.all(fleet.gateways().map(({ api }) => api.decide(plan)));
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
  await gateway(1).api.until(plan.id, ({ state }) => state === 'succeeded');
  const decisions = await fleet.rows('select 1 from decisions where plan_id = $1', [plan.id]);
  expect(decisions).toHaveLength(1);
  expect(fleet.cluster.writesTo('svc-2')).toBe(1);
});

it('a session that was begun on one gateway holds on all', async () => {
  const { url } = await gateway(0).api.run();
  const { body } = await gateway(0).api.call<{ token: string }>('POST', '/links');
  const begun = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-reign': '1' },
    body: JSON.stringify(body),
  });
  const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
  for (const { api } of fleet.gateways()) {
    const other = await fetch(`${(await api.run()).url}/api/v1/session`, { headers: { cookie } });
    expect(await other.json()).toMatchObject({ person: 'alice' });
  }
});

describe.runIf(slackThere)('Slack, whose events every gateway hears here', () => {
  it('is answered once, and its card is closed by a decision on the page', async () => {
    const server = slack as LocalSlack;
    for (const { api } of fleet.gateways()) {
      const { url } = await api.run();
      const connected = async () => (await (await fetch(`${url}/readyz`)).text()).includes('"slack":"ok"');
      await until(connected, 30_000, () => 'Slack is not connected');
    }
    const thread = await server.say(users.alice, '<@U0BOT> restart svc-3 in staging');
    await server.post(thread, /aiting for/);
    const [plan] = await fleet.rows<{ id: string; revision: number }>(
      `select id, revision from plans where goal like '%svc-3%'`,
    );
    const click = { revision: plan?.revision, verdict: 'approve' };
    expect((await gateway(1).api.call('POST', `/plans/${plan?.id}/decisions`, click)).status).toBe(200);
    await server.post(thread, /succeeded.*Done, and checked/);
    const posts = await server.inThread(thread);
    // What is there is what was noted, each entry once.
    const noted = await fleet.rows<{ message_id: string }>(
      'select message_id from chat_posts where thread = $1 and message_id is not null',
      [thread],
    );
    expect(posts.map(({ ts }) => ts).sort()).toEqual(noted.map(({ message_id }) => message_id).sort());
    expect(posts.map(wordsOf).filter((words) => /aiting for/.test(words))).toEqual([]);
    expect(fleet.cluster.writesTo('svc-3')).toBe(1);
    expect(await fleet.rows(`select 1 from messages where text like '%svc-3%'`)).toHaveLength(1);
  });
});

it('every gateway verifies one audit, whoever took its checkpoints', async () => {
  for (const { api } of fleet.gateways()) {
    expect((await api.call('POST', '/audit/verify', {})).body).toMatchObject({ ok: true });
  }
  expect((await fleet.rows('select from audit_checkpoints')).length).toBeGreaterThan(0);
  const doubled = 'select previous from audit_checkpoints group by 1 having count(*) > 1';
  expect(await fleet.rows(doubled)).toEqual([]);
});

it('a gateway with another key is refused while they run', async () => {
  await expect(fleet.join('gateway-strange', 'gateway', 'strange')).rejects.toThrow(/with another key/);
});

it(`all of them are restarted in turn under load (REIGN_CRASH_SEED=${seed})`, async () => {
  let over = false;
  const load = traffic(fleet, { seed, people: 4, ends: () => over });
  for (const [turn, member] of fleet.members.entries()) {
    // Every third one has no time to finish anything.
    await fleet.restart(member, turn % 3 === 2 ? 'SIGKILL' : 'SIGTERM');
  }
  over = true;
  const outcomes = await load;
  expect(outcomes.length).toBeGreaterThan(3);
  expect(await troubles(fleet, outcomes)).toEqual([]);
});

async function watch({ api }: Member, conversation: string) {
  const { url, token } = await api.run();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/live`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const seen: string[] = [];
  socket.on('message', (data: Buffer) => void seen.push(data.toString()));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.send(JSON.stringify({ type: 'subscribe', conversation }));
  return { seen, close: () => socket.close() };
}
