import { readFile } from 'node:fs/promises';
import { webApi } from '@slack/bolt';
import { afterAll, beforeAll, expect } from 'vitest';
import { createPosts } from '../../adapters/slack/posts.ts';
import type { Logger } from '../../src/domain/ports/runtime.ts';
import { chartPictures } from '../../src/main/chart-pictures.ts';
import {
  type LocalSlack,
  ops,
  type SlackPost,
  slackThere,
  startSlack,
  tokens,
  users,
  wordsOf,
} from '../support/local-slack/index.ts';
import { until } from '../support/reign.ts';
import { describe, it, startTeam, type Team } from '../support/team.ts';

// What a workspace knows of its people and channels: groups that give roles, ladders, alerts, shared channels.

let slack: LocalSlack;
let team: Team;

const alertsToken = 'token-of-the-tests';
const more = `
groups:
  - { name: leads, slack: T01TEST/S01LEADS, roles: [lead] }
alerts: { channel: "slack:T01TEST/${ops}" }
chat: { remindAfter: 3s, escalate: [{ after: 5s, to: [leads] }] }
`;

beforeAll(async () => {
  if (!slackThere) return;
  slack = await startSlack();
  await membersAre([users.mallory]);
  team = await startTeam(more, {
    SLACK_BOT_TOKEN: tokens.bot,
    SLACK_APP_TOKEN: tokens.app,
    SLACK_API_URL: slack.apiUrl,
    REIGN_ALERTS_TOKEN: alertsToken,
  });
  const connected = async () => (await (await fetch(`${team.url}/readyz`)).text()).includes('"slack":"ok"');
  await until(connected, 20_000, () => 'Slack is not connected');
});
afterAll(async () => {
  if (process.env['SHOW_LOG'])
    console.log(await readFile(`${team.reign.dataDir}/logs/reign.log`, 'utf8').catch(String));
  await team?.stop();
  await slack?.stop();
});

const ask = (user: string, text: string) => slack.say(user, `<@U0BOT> ${text}`);

/** Answers a method in the same way from now on. */
async function always(method: string, answer: { status?: number; body?: unknown }): Promise<void> {
  await slack.fault({ method, times: 0 });
  await slack.fault({ method, times: 1_000_000, ...answer });
}
const membersAre = (members: readonly string[]) =>
  always('usergroups.users.list', { body: { ok: true, users: members } });

describe.runIf(slackThere)('a user group that gives its members a role', () => {
  it('lets a member approve whom nobody has configured, and the worker believe it', async () => {
    const thread = await ask(users.alice, 'scale checkout to 7 in production');
    const card = await slack.post(thread, /waiting for approval/);
    await slack.click(users.mallory, card, 'approve');
    await slack.post(thread, /slack\.U09MALLORY approved/);
    await slack.post(thread, /succeeded.*Done, and checked/);
    expect(team.replicas('production', 'checkout')).toBe(7);
  });

  it('is asked again at each decision: who left it, or while it cannot be asked, decides nothing', async () => {
    const thread = await ask(users.alice, 'scale checkout to 6 in production');
    const card = await slack.post(thread, /waiting for approval/);
    await always('usergroups.users.list', { status: 500 });
    await slack.click(users.mallory, card, 'approve');
    await slack.post(thread, /could not be looked up.*Nothing was decided/);
    await membersAre([]);
    await slack.click(users.mallory, card, 'approve');
    await slack.post(thread, /not known|do not know you|is not (or no longer )?known/);
    expect(team.replicas('production', 'checkout')).toBe(7);
    await membersAre([users.mallory]);
    await slack.click(users.bob, card, 'approve');
    await slack.post(thread, /succeeded.*Done, and checked/);
  });

  it('counts for a worker only as a gateway has signed it', async () => {
    await membersAre([users.mallory]);
    const bob = await team.as('bob');
    await bob.request('POST', '/freezes', { scope: 'production', reason: 'tests' });
    const thread = await ask(users.alice, 'scale web to 6 in production');
    const card = await slack.post(thread, /waiting for approval/);
    await slack.click(users.mallory, card, 'approve');
    await slack.post(thread, /Held by a freeze/);
    await team.sql(`update group_members set signature = 'forged'`);
    await team.sql(`update freezes set ended_at = now(), ended_by = 'bob'`);
    await slack.post(thread, /no valid approval of what it would do now/);
    expect(team.replicas('production', 'web')).not.toBe(6);
  });
});

describe.runIf(slackThere)('an approval that nobody gives', () => {
  it('is reminded of, and then put before the next on the ladder', async () => {
    await membersAre([users.mallory]);
    const thread = await ask(users.alice, 'restart ledger in production');
    const card = await slack.post(thread, /waiting for approval/);
    const told = async (user: string, words: RegExp) =>
      (await slack.direct(user)).some((each) => words.test(wordsOf(each)));
    await until(
      () => told(users.bob, /Restart deployment \w+\/ledger/),
      15_000,
      () => 'bob was not told',
    );
    expect(await told(users.mallory, /ledger/)).toBe(false);
    await until(
      () => told(users.bob, /still waits for you/),
      20_000,
      () => 'bob was not reminded',
    );
    await until(
      () => told(users.mallory, /Restart deployment \w+\/ledger/),
      20_000,
      () => 'the next on the ladder was not told',
    );
    expect(await told(users.alice, /ledger/)).toBe(false);
    await slack.click(users.bob, card, 'approve');
    await slack.post(thread, /succeeded.*Done/);
  });
});

describe.runIf(slackThere)('alerts', () => {
  const alert = (pod: string, status: string, name = 'HighErrorRate') => ({
    status,
    labels: { alertname: name, environment: 'production', pod },
    annotations: { summary: `errors in ${pod} <!channel>` },
    startsAt: '2026-11-22T10:00:00.000Z',
    endsAt: '0001-01-01T00:00:00Z',
    fingerprint: `${name}-${pod}`,
  });
  const send = (alerts: unknown[], token = alertsToken) =>
    fetch(`${team.url}/alerts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ version: '4', status: 'firing', alerts }),
    });
  const roots = async (words: RegExp) =>
    (await slack.messages()).filter((each) => !each.thread_ts && words.test(wordsOf(each)));

  it('of one kind fold into one thread, and tell nothing twice', async () => {
    expect((await send([alert('web-1', 'firing')])).status).toBe(200);
    let root: SlackPost | undefined;
    await until(
      async () => {
        [root] = await roots(/HighErrorRate in production: 1 firing/);
        return root !== undefined;
      },
      15_000,
      () => 'no thread was begun',
    );
    const thread = (root as SlackPost).ts;
    expect(wordsOf(await slack.post(thread, /Firing: .*pod=web-1/))).not.toContain('<!channel>');
    await send([alert('web-1', 'firing'), alert('web-2', 'firing')]);
    await slack.post(thread, /Firing: .*pod=web-2/);
    await send([alert('web-1', 'resolved')]);
    await slack.post(thread, /Resolved: .*pod=web-1/);
    await until(
      async () => (await roots(/HighErrorRate in production: 1 firing, 1 resolved/)).length === 1,
      15_000,
      () => 'the first message was not brought up to date',
    );
    // An old "firing" that comes late changes nothing.
    await send([alert('web-1', 'firing')]);
    await send([alert('db-1', 'firing', 'DiskFull')]);
    await until(
      async () => (await roots(/DiskFull in production: 1 firing/)).length === 1,
      15_000,
      () => 'another kind has no thread of its own',
    );
    expect(await roots(/HighErrorRate/)).toHaveLength(1);
    expect(await slack.inThread(thread)).toHaveLength(2);
  });

  it('are talked about in their thread', async () => {
    const [root] = await roots(/HighErrorRate/);
    const thread = (root as SlackPost).ts;
    await slack.say(users.alice, '<@U0BOT> restart web in staging', { thread });
    await slack.post(thread, /Restart deployment shop\/web in staging/);
  });

  it('are taken only with the token, and only in their form', async () => {
    expect((await send([alert('web-3', 'firing')], 'guessed')).status).toBe(401);
    expect((await send([{ status: 'odd' }])).status).toBe(400);
    const other = await fetch(`${team.url}/alerts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${alertsToken}` },
      body: 'no JSON',
    });
    expect(other.status).toBe(400);
  });
});

describe.runIf(slackThere)('in Slack', () => {
  it('"Ask Reign about this" hands in a message, and makes its writer an author', async () => {
    const ts = await slack.say(users.bob, 'scale catalog to 4 in production');
    const interaction = {
      type: 'message_action',
      callback_id: 'ask_reign',
      trigger_id: 't',
      action_ts: '1',
      response_url: `${slack.url}/unused`,
      message_ts: ts,
      team: { id: 'T01TEST', domain: 'test' },
      user: { id: users.alice, name: 'alice' },
      channel: { id: ops, name: 'ops' },
      message: { type: 'message', ts, user: users.bob, text: 'scale catalog to 4 in production' },
    };
    await slack.control('POST', '/_sockets/event', { interaction });
    const card = await slack.post(ts, /Scale deployment shop\/catalog in production to 4/);
    await slack.click(users.bob, card, 'approve');
    await slack.post(ts, /bob asked for this plan, and somebody else must approve it/);
    await slack.command(users.alice, `cancel ${/p-[a-z0-9]{7}/.exec(wordsOf(card))?.[0]}`);
  });

  it('output that is too long for a message goes beside it as a file', async () => {
    const thread = await slack.say(users.alice, 'between people');
    const client = new webApi.WebClient(tokens.bot, { slackApiUrl: slack.apiUrl });
    const { put } = createPosts(client, { ok: true, says: '' }, () => 'T01TEST');
    const at = { platform: 'slack', team: 'T01TEST', channel: ops, thread };
    const planUrl = (id: string) => id;
    const working = { kind: 'working', text: 'Looking at it…' } as const;
    const posted = await put(at, undefined, { key: 'k', body: working, planUrl });
    const lines = Array.from({ length: 400 }, (_, index) => `line ${index} of a log that is long`);
    const body = { kind: 'answer', content: { kind: 'lines', lines }, private: false } as const;
    await put(at, undefined, { key: 'k', body, planUrl }, posted);
    const [answer, beside] = await slack.inThread(thread);
    expect(wordsOf(answer as SlackPost)).toContain('line 0 of');
    expect(JSON.stringify(beside)).toContain('output.txt');
  });

  it('a chart goes beside its answer as a picture', async () => {
    const thread = await slack.say(users.alice, 'between people');
    const client = new webApi.WebClient(tokens.bot, { slackApiUrl: slack.apiUrl });
    const draw = await chartPictures({} as Logger);
    const { put } = createPosts(client, { ok: true, says: '' }, () => 'T01TEST', draw);
    const at = { platform: 'slack', team: 'T01TEST', channel: ops, thread };
    const chart = { kind: 'bars', title: 'Latency', unit: 'ms', bars: [{ name: 'p50', value: 3 }] } as const;
    const content = { kind: 'text', text: 'All were answered well.', chart } as const;
    const body = { kind: 'answer', content, private: false } as const;
    await put(at, undefined, { key: 'k', body, planUrl: String });
    const [answer, beside] = await slack.inThread(thread);
    expect(wordsOf(answer as SlackPost)).toContain('All were answered well.');
    expect(JSON.stringify(beside)).toContain('chart.png');
  });

  it('a channel that others see is told to look at the web page', async () => {
    // What was said of the channel is believed for a minute, so another one is used.
    const { channel } = (await slack.control('POST', '/api/conversations.create', { name: 'shared' })) as {
      channel: { id: string };
    };
    await always('conversations.info', {
      body: { ok: true, channel: { id: channel.id, is_ext_shared: true } },
    });
    const thread = await slack.say(users.alice, '<@U0BOT> scale web to 4 in staging', {
      channel: channel.id,
    });
    await slack.post(thread, /People of other organisations see this channel/, channel.id);
    const all = (await slack.messages(channel.id)).filter(({ user }) => user === 'U0BOT').map(wordsOf);
    expect(all.join()).not.toMatch(/Scale deployment/);
  });
});
