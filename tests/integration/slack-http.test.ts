import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect } from 'vitest';
import {
  freePort,
  type LocalSlack,
  ops,
  slackThere,
  startSlack,
  tokens,
  users,
  wordsOf,
} from '../support/local-slack/index.ts';
import { until } from '../support/reign.ts';
import { describe, it, startTeam, type Team } from '../support/team.ts';

// Slack over HTTP with a signing secret, and over both ways at once: what is not signed is refused, what comes twice
// is one message.

let slack: LocalSlack;
let team: Team;

beforeAll(async () => {
  if (!slackThere) return;
  const port = await freePort();
  team = await startTeam('', {
    SLACK_BOT_TOKEN: tokens.bot,
    SLACK_APP_TOKEN: tokens.app,
    SLACK_SIGNING_SECRET: tokens.secret,
    SLACK_API_URL: `http://127.0.0.1:${port}/api`,
  });
  // Slack comes up after Reign: it is tried until it is there.
  slack = await startSlack({ port });
  const connected = async () => (await (await fetch(`${team.url}/readyz`)).text()).includes('"slack":"ok"');
  await until(connected, 20_000, () => 'Slack is not connected');
});
afterAll(async () => {
  await team?.stop();
  await slack?.stop();
});

type Sent = { at?: number; secret?: string; signature?: string; type?: string; retry?: number };

async function send(body: string, { at = now(), secret = tokens.secret, signature, type, retry }: Sent = {}) {
  const hash = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
  return fetch(`${team.url}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': type ?? 'application/json',
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': signature ?? `v0=${hash}`,
      ...(retry === undefined ? {} : { 'x-slack-retry-num': String(retry) }),
    },
    body,
  });
}

const now = () => Math.floor(Date.now() / 1000);
const message = (ts: string, text: string, more: object = {}, id = `Ev${ts}`) =>
  JSON.stringify({
    type: 'event_callback',
    team_id: 'T01TEST',
    api_app_id: 'A01',
    event_id: id,
    event_time: now(),
    event: { type: 'message', channel: ops, channel_type: 'channel', user: users.alice, text, ts, ...more },
  });
const stored = async (ts: string) =>
  Number(
    (
      await team.sql<{ count: string }>(`select count(*) from messages where dedupe_key like '%' || $1`, [ts])
    )[0]?.count,
  );

describe.runIf(slackThere)('a request', () => {
  it('that Slack signed is taken, and answered once stored', async () => {
    expect((await send(message('100.000001', '<@U0BOT> list pods in staging'))).status).toBe(200);
    expect(await stored('100.000001')).toBe(1);
    const challenge = await send(JSON.stringify({ type: 'url_verification', challenge: 'abc' }));
    expect(await challenge.json()).toEqual({ challenge: 'abc' });
  });

  it.each<[string, Sent]>([
    ['of another secret', { secret: 'guess' }],
    ['with a forged signature', { signature: `v0=${'0'.repeat(64)}` }],
    ['without a version', { signature: 'abc' }],
    ['without a signature', { signature: '' }],
    ['that is stale', { at: Math.floor(Date.now() / 1000) - 301 }],
    ['from the future', { at: Math.floor(Date.now() / 1000) + 400 }],
    ['from no time', { at: Number.NaN }],
  ])('%s is refused', async (_, wrong) => {
    const ts = `200.${String(Math.random()).slice(2, 8)}`;
    expect((await send(message(ts, '<@U0BOT> list pods in staging'), wrong)).status).toBe(401);
    expect(await stored(ts)).toBe(0);
  });

  it('whose body is no body is refused', async () => {
    for (const body of ['', '[', '1', 'null', '"x"']) expect((await send(body)).status).toBe(400);
    const form = 'application/x-www-form-urlencoded';
    expect((await send('payload=%7B', { type: form })).status).toBe(400);
  });

  it('by another path or method reaches nothing', async () => {
    expect((await fetch(`${team.url}/slack/events`)).status).toBe(404);
    expect(
      (await fetch(`${team.url}/slack/other`, { method: 'POST', headers: { 'x-reign': '1' } })).status,
    ).toBe(404);
  });
});

describe.runIf(slackThere)('the same message', () => {
  it('under other event ids, by retries, as mention and by both ways is one message', async () => {
    const text = '<@U0BOT> list deployments in staging';
    const ts = await slack.say(users.alice, text);
    const events = [
      message(ts, text),
      message(ts, text, {}, 'EvOther'),
      message(ts, text, { type: 'app_mention' }, 'EvMention'),
      message(ts, text, {}, 'EvRetry'),
    ];
    const answers = await Promise.all(events.map((event, retry) => send(event, { retry })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    await until(
      async () => (await stored(ts)) > 0,
      10_000,
      () => 'not stored',
    );
    expect(await stored(ts)).toBe(1);
    const replies = async () =>
      (await slack.messages()).filter((post) => post.thread_ts === ts && post.user === 'U0BOT').map(wordsOf);
    await until(
      async () => (await replies()).some((words) => words.includes('checkout')),
      20_000,
      () => 'no answer',
    );
    expect(await replies()).toHaveLength(1);
  });

  it('of bots, of Reign itself and of channel notices is not listened to', async () => {
    const quiet: [string, object][] = [
      ['300.000001', { bot_id: 'B01' }],
      ['300.000002', { subtype: 'bot_message' }],
      ['300.000003', { user: 'U0BOT' }],
      ['300.000004', { subtype: 'channel_join' }],
      ['300.000005', { user: undefined }],
    ];
    for (const [ts, more] of quiet) {
      expect((await send(message(ts, '<@U0BOT> list pods in staging', more))).status).toBe(200);
      expect(await stored(ts)).toBe(0);
    }
  });

  it('of a stranger from another workspace is refused, whoever they say they are', async () => {
    const ts = '400.000001';
    expect((await send(message(ts, '<@U0BOT> list pods in staging', { user_team: 'T99OTHER' }))).status).toBe(
      200,
    );
    expect(await stored(ts)).toBe(0);
  });
});

describe.runIf(slackThere)('a command over HTTP', () => {
  it('is answered in the reply, to who asked alone', async () => {
    const form = new URLSearchParams({
      command: '/reign',
      text: 'status',
      user_id: users.alice,
      team_id: 'T01TEST',
      channel_id: ops,
      trigger_id: 't',
      response_url: `${slack.url}/none`,
    });
    const answer = await send(form.toString(), { type: 'application/x-www-form-urlencoded' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ response_type: 'ephemeral', text: expect.any(String) });
  });
});

describe.runIf(slackThere)('while Slack is away', () => {
  it('the work goes on, readyz says so, and what was to be said arrives when it is back', async () => {
    await slack.fault({ method: 'chat.postMessage', times: 4, status: 503 });
    const ts = await slack.say(users.alice, '<@U0BOT> scale web to 3 in staging');
    await until(
      async () => (await stored(ts)) === 1,
      10_000,
      () => 'not stored',
    );
    await until(
      async () => /Slack|thread/.test(await (await fetch(`${team.url}/readyz`)).text()),
      10_000,
      () => 'readyz says nothing',
    );
    expect((await fetch(`${team.url}/readyz`)).status).toBe(200);
    await until(
      async () =>
        (await slack.messages()).some(
          (post) => post.thread_ts === ts && wordsOf(post).includes('waiting for approval'),
        ),
      40_000,
      () => 'the card did not arrive',
    );
  });
});
