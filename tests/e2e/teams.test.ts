import { afterAll, beforeAll, expect } from 'vitest';
import { until } from '../support/reign.ts';
import { describe, it, startTeam, type Team } from '../support/team.ts';
import {
  type CardAction,
  type Connector,
  startConnector,
  type TeamsActivity,
  tenant,
} from '../support/teams-connector.ts';

// Teams, over HTTP, against a double of its connector: what people do there, and what they see.

const alice = 'a1ce0000-0000-0000-0000-000000000001';
const bob = 'b0b00000-0000-0000-0000-000000000002';
const gina = '91aa0000-0000-0000-0000-000000000003';
const channel = '19:ops@thread.tacv2';

let connector: Connector;
let team: Team;
let sent = 0;

beforeAll(async () => {
  connector = await startConnector();
  connector.groups.set('9999', ['someone-else', gina]);
  const env = {
    REIGN_TEAMS_UNAUTHENTICATED: '1',
    REIGN_TEAMS_GRAPH_URL: connector.url.replace(/\/$/, ''),
    REIGN_ALERTS_TOKEN: 'token-of-the-tests',
  };
  const more = `
groups: [{ name: leads, teams: ${tenant}/9999, roles: [lead] }]
alerts: { channel: "teams:${tenant}/${channel}" }
`;
  team = await startTeam(more, env, (text) =>
    text
      .replace('slack: T01TEST/U01ALICE', `slack: T01TEST/U01ALICE, teams: ${tenant}/${alice}`)
      .replace('slack: T01TEST/U02BOB', `slack: T01TEST/U02BOB, teams: ${tenant}/${bob}`),
  );
});
afterAll(async () => {
  await team?.stop();
  await connector?.stop();
});

const base = (user: string, thread: string) => ({
  channelId: 'msteams',
  serviceUrl: connector.url,
  id: `m${Date.now()}${sent++}`,
  timestamp: new Date().toISOString(),
  from: { id: `29:${user}`, name: 'somebody', aadObjectId: user },
  recipient: { id: '28:app', name: 'Reign' },
  conversation: {
    id: `${channel};messageid=${thread}`,
    conversationType: 'channel',
    tenantId: tenant,
    isGroup: true,
  },
  channelData: { tenant: { id: tenant } },
});

async function post(activity: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${team.url}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(activity),
  });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
}

async function say(user: string, text: string, thread: string, more: object = {}) {
  const mention = '<at>Reign</at>';
  const entities = [{ type: 'mention', mentioned: { id: '28:app', name: 'Reign' }, text: mention }];
  return post({ ...base(user, thread), type: 'message', text: `${mention} ${text}`, entities, ...more });
}

const click = (user: string, on: TeamsActivity, title: string, thread: string, inputs: object = {}) => {
  const action = actionsOf(on).find((each) => each.title === title);
  if (!action) throw new Error(`no button ${title} on ${words(on)}`);
  return invoke(user, on.id, { act: action.data?.act, ...inputs }, thread);
};

const invoke = (user: string, replyToId: string, data: object, thread: string) =>
  post({
    ...base(user, thread),
    type: 'invoke',
    name: 'adaptiveCard/action',
    replyToId,
    value: { action: { type: 'Action.Execute', verb: 'reign', data } },
  });

function actionsOf({ attachments = [] }: TeamsActivity): CardAction[] {
  const own = attachments.flatMap(({ content }) => content.actions ?? []);
  return [...own, ...own.flatMap((each) => each.card?.actions ?? [])].filter(
    ({ type }) => type === 'Action.Execute',
  );
}

function words({ attachments = [] }: TeamsActivity): string {
  const texts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'text' && typeof inner === 'string') texts.push(inner);
      else visit(inner);
    }
  };
  visit(attachments.map(({ content }) => content.body));
  return texts.join('');
}

async function shown(thread: string, pattern: RegExp): Promise<TeamsActivity> {
  const all = () => connector.activities(`${channel};messageid=${thread}`);
  await until(
    () => all().some((each) => pattern.test(words(each))),
    30_000,
    () => `nothing says ${pattern} in ${JSON.stringify(all().map(words), null, 1)}`,
  );
  return all().find((each) => pattern.test(words(each))) as TeamsActivity;
}

describe('a change in production', () => {
  it('is asked for, refused to its author, approved by another, watched and undone, all in the thread', async () => {
    expect((await say(alice, 'scale checkout to 7 in production', '1001')).status).toBe(200);
    const card = await shown('1001', /waiting for approval/);
    expect(words(card)).toMatch(/production \(production, demo cluster\)/);
    expect(actionsOf(card).map(({ title }) => title)).toEqual(['Approve', 'Reject', 'Request changes']);

    const refused = await click(alice, card, 'Approve', '1001');
    expect(refused).toMatchObject({
      status: 200,
      body: {
        statusCode: 200,
        type: 'application/vnd.microsoft.activity.message',
        value: expect.stringContaining('somebody else must approve it'),
      },
    });
    expect(team.replicas('production', 'checkout')).toBe(6);

    expect(await click(bob, card, 'Approve', '1001')).toMatchObject({
      status: 200,
      body: { value: 'Noted.' },
    });
    const final = await shown('1001', /succeeded: Done, and checked/);
    expect(team.replicas('production', 'checkout')).toBe(7);
    const closed = await shown('1001', /bob approved/);
    expect(closed.id).toBe(card.id);
    expect(closed.edits).toBeGreaterThan(0);
    expect(actionsOf(closed)).toEqual([]);
    const progress = await shown('1001', /█{10}/);
    expect(words(progress)).not.toMatch(/running/);

    await click(alice, final, 'Undo', '1001');
    await shown('1001', /Undo: Scale[\s\S]*alice approved \(own undo within the hour\)/);
    await until(
      () => team.replicas('production', 'checkout') === 6,
      20_000,
      () => 'not undone',
    );
  });

  it('is rejected with a reason that was typed', async () => {
    await say(alice, 'scale web to 8 in production', '1002');
    const card = await shown('1002', /waiting for approval/);
    await click(bob, card, 'Reject', '1002', { reason: 'not before lunch' });
    await shown('1002', /bob rejected[\s\S]*not before lunch/);
  });

  it('that deletes something is approved by typing what it deletes', async () => {
    await say(alice, 'delete the ingress web in production', '1003');
    const card = await shown('1003', /waiting for approval/);
    await click(bob, card, 'Approve', '1003', { name: 'wbe' });
    const [plan] = await team.sql<{ state: string }>(
      'select state from plans order by created_at desc limit 1',
    );
    expect(plan?.state).toBe('waiting-for-approval');
    await click(bob, card, 'Approve', '1003', { name: 'web' });
    await shown('1003', /It is gone/);
  });
});

describe('what comes in', () => {
  it('twice is one message; without a mention it starts nothing; of bots it is not heard', async () => {
    const again = { id: 'm-twice' };
    await say(alice, 'list pods in staging', '1003', again);
    await say(alice, 'list pods in staging', '1003', again);
    await shown('1003', /checkout/);
    const [count] = await team.sql<{ count: string }>(
      `select count(*) from messages where dedupe_key like '%m-twice'`,
    );
    expect(count?.count).toBe('1');
    await post({ ...base(alice, '1003'), type: 'message', text: 'scale checkout to 0 in staging' });
    await post({ ...base(alice, '1004'), type: 'message', text: 'scale checkout to 0 in staging' });
    const robot = { ...base(alice, '1004').from, role: 'bot' };
    await say(alice, 'scale checkout to 0 in staging', '1004', { from: robot });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(connector.activities(`${channel};messageid=1004`)).toEqual([]);
    const plans = await team.sql(`select from plans where goal like '%to 0%'`);
    expect(plans).toEqual([]);
  });

  it('as a command is answered to who asked; somebody unknown is only helped', async () => {
    await say(alice, '/status', '1005');
    await shown('1005', /Nothing is under way|plan/);
    await say('99999999-0000-0000-0000-000000000009', 'list pods in staging', '1006');
    await shown('1006', /I do not know you/);
  });

  it('edited before it began takes the plan back', async () => {
    const id = { id: 'm-edited' };
    await say(alice, 'scale web to 9 in production', '1007', id);
    await shown('1007', /to 9 replicas[\s\S]*waiting for approval/);
    await say(alice, 'scale web to 5 in production', '1007', { ...id, type: 'messageUpdate' });
    await shown('1007', /alice edited the message/);
    await shown('1007', /to 5 replicas[\s\S]*waiting for approval/);
    await say(alice, 'scale web to 5 in production', '1007', { ...id, type: 'messageDelete' });
    await shown('1007', /alice deleted the message/);
  });

  it('as a click on another plan’s message, or as no click of ours, is refused', async () => {
    await say(alice, 'scale catalog to 5 in production', '1008');
    await say(alice, 'scale ledger to 5 in production', '1009');
    const one = await shown('1008', /waiting for approval/);
    const other = await shown('1009', /waiting for approval/);
    const foreign = actionsOf(other)[0]?.data?.act;
    expect(await invoke(bob, one.id, { act: foreign }, '1008')).toMatchObject({
      body: { value: expect.stringContaining('another plan') },
    });
    expect(await invoke(bob, 'a999', { act: foreign }, '1008')).toMatchObject({
      body: { value: expect.stringContaining('not on anything') },
    });
    expect(await invoke(bob, one.id, { act: { do: 'rm' } }, '1008')).toMatchObject({
      body: { value: expect.stringContaining('says nothing') },
    });
    expect(
      await team.sql(
        `select from decisions where plan_id in (select id from plans where goal like '%to 5%')`,
      ),
    ).toEqual([]);
  });
});

describe('when the connector is not well', () => {
  it('what it refuses for a while arrives later, once and in order', async () => {
    connector.fault('POST', 502, 2);
    connector.fault('PUT', 429, 1, 1);
    await say(alice, 'scale web to 4 in staging', '1010');
    const card = await shown('1010', /waiting for approval/);
    connector.fault('PUT', 500, 2);
    await click(alice, card, 'Approve', '1010');
    await shown('1010', /succeeded: Done/);
    await shown('1010', /alice approved/);
    const all = connector.activities(`${channel};messageid=1010`);
    expect(all.filter((each) => /waiting for approval|alice approved/.test(words(each)))).toHaveLength(1);
    expect(all.map(words).join()).not.toMatch(/Looking at it/);
  }, 90_000);
});

it('an approval is told to who may give it, in a chat of their own', async () => {
  await say(alice, 'restart cart in production', '1011');
  await until(
    () =>
      connector
        .activities(`direct-${bob}`)
        .some((each) => words(each).includes('Restart deployment shop/cart')),
    20_000,
    () => 'bob was not told',
  );
});

describe('what Teams knows of people and channels', () => {
  it('a member of an Entra group may approve, without being configured', async () => {
    await say(alice, 'scale ledger to 3 in production', '3001');
    const card = await shown('3001', /waiting for approval/);
    await click(gina, card, 'Approve', '3001');
    await shown('3001', new RegExp(`teams\\.${gina} approved`));
    await shown('3001', /Done, and checked/);
  });

  it('a guest is refused, unless they are allowed', async () => {
    const guest = 'guest000-0000-0000-0000-000000000004';
    connector.groups.set('9999', ['someone-else', gina, guest]);
    await say(guest, 'scale web to 4 in staging', '3002');
    await shown('3002', /I do not know you|You are a guest here/);
    const plans = await team.sql(`select id from plans where requester like '%guest%'`);
    expect(plans).toEqual([]);
  });

  it('a shared channel is told to look at the web page', async () => {
    const data = { tenant: { id: tenant }, channel: { id: channel, type: 'shared' } };
    await say(alice, 'scale web to 4 in staging', '3003', { channelData: data });
    await shown('3003', /People of other organisations see this channel/);
    const all = connector.activities(`${channel};messageid=3003`).map(words);
    expect(all.join()).not.toMatch(/Scale deployment/);
  });

  it('alerts of one kind fold into one thread', async () => {
    const alert = (pod: string) => ({
      status: 'firing',
      labels: { alertname: 'HighErrorRate', environment: 'production', pod },
      annotations: { summary: `errors in ${pod}` },
      startsAt: '2026-11-22T10:00:00.000Z',
      fingerprint: pod,
    });
    for (const pod of ['web-1', 'web-2']) {
      const response = await fetch(`${team.url}/alerts`, {
        method: 'POST',
        headers: { authorization: 'Bearer token-of-the-tests' },
        body: JSON.stringify({ version: '4', alerts: [alert(pod)] }),
      });
      expect(response.status).toBe(200);
    }
    const told = (words_: RegExp) => connector.activities().filter((each) => words_.test(words(each)));
    await until(
      () => told(/HighErrorRate in production: 2 firing/).length === 1 && told(/Firing: /).length === 2,
      20_000,
      () => JSON.stringify(connector.activities().map(words)),
    );
    const [root] = told(/HighErrorRate/);
    for (const each of told(/Firing: /)) expect(each.conversation).toBe(root?.conversation);
  });
});
