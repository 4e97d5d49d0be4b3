import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect } from 'vitest';
import WebSocket from 'ws';
import { sha256 } from '../../src/domain/json.ts';
import { until } from '../support/reign.ts';
import { describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';

// The web face: what a foreign page, a guesser or another person gets.

let team: Team;
let alice: Visitor;
let bob: Visitor;
let host: string;

beforeAll(async () => {
  team = await startTeam();
  [alice, bob] = await Promise.all([team.as('alice'), team.as('bob')]);
  host = new URL(team.url).host;
});
afterAll(() => team?.stop());

/** A request whose Host can be anything, which fetch does not allow. */
function raw(method: string, path: string, headers: Record<string, string>, body = ''): Promise<number> {
  const { hostname, port } = new URL(team.url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, method, path, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', reject).end(body);
  });
}

/** The status that a WebSocket upgrade is answered with; 101 is open. */
function upgrade(headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`${team.url.replace('http', 'ws')}/api/v1/live`, { headers });
  return new Promise((resolve) => {
    socket.on('open', () => {
      resolve(101);
      socket.close();
    });
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    socket.on('error', () => {});
  });
}

describe('a foreign page', () => {
  const json = { 'content-type': 'application/json', 'x-reign': '1' };
  const body = JSON.stringify({ text: 'scale web to 1 in staging', key: 'foreign' });

  it('cannot send by our cookie', async () => {
    const own = { ...json, cookie: alice.cookie, host };
    const post = (headers: Record<string, string>) => raw('POST', '/api/v1/messages', headers, body);
    expect(await post({ ...own, origin: 'https://evil.example' })).toBe(403);
    expect(await post({ ...own, origin: 'null' })).toBe(403);
    expect(await post({ ...own, origin: `http://${host}.evil.example` })).toBe(403);
    expect(await post({ ...own, origin: 'http://127.0.0.1:1' })).toBe(403);
    expect(await post({ cookie: alice.cookie, host, 'content-type': 'application/json' })).toBe(403);
    // Credentials in a page's address are no bearer token.
    expect(
      await post({
        cookie: alice.cookie,
        host,
        'content-type': 'application/json',
        authorization: 'Basic YTpi',
      }),
    ).toBe(403);
    expect(await post({ cookie: alice.cookie, host, 'content-type': 'text/plain' })).toBe(403);
    expect(await team.sql(`select from messages where text like 'scale web to 1%'`)).toEqual([]);
    expect(await post({ ...own, origin: `http://${host}` })).toBe(202);
  });

  it('cannot reach us under a name of its own (DNS rebinding)', async () => {
    for (const name of [
      'evil.example',
      `evil.example:${new URL(team.url).port}`,
      '127.0.0.1',
      `${host}.evil.example`,
    ]) {
      const headers = { ...json, cookie: alice.cookie, host: name };
      expect(await raw('GET', '/api/v1/plans', headers), name).toBeGreaterThanOrEqual(400);
      expect(await raw('POST', '/api/v1/messages', headers, body), name).toBeGreaterThanOrEqual(400);
      expect(await raw('GET', '/metrics', headers), name).toBeGreaterThanOrEqual(400);
    }
  });

  it('cannot open a live connection', async () => {
    const { cookie } = alice;
    expect(await upgrade({ cookie, origin: 'https://evil.example' })).toBe(403);
    expect(await upgrade({ cookie })).toBe(403);
    expect(await upgrade({ cookie, authorization: 'Basic YTpi' })).toBe(403);
    expect(await upgrade({ cookie, host: 'evil.example', origin: 'http://evil.example' })).toBe(403);
    expect(await upgrade({ origin: `http://${host}` })).toBe(401);
    expect(await upgrade({ origin: `http://${host}`, cookie })).toBe(101);
  });

  it('can neither frame nor script us', async () => {
    const { headers } = await fetch(`${team.url}/`);
    const policy = headers.get('content-security-policy') ?? '';
    for (const rule of [
      `default-src 'none'`,
      `frame-ancestors 'none'`,
      `base-uri 'none'`,
      `form-action 'none'`,
    ]) {
      expect(policy).toContain(rule);
    }
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect((await fetch(`${team.url}/api/v1/plans`)).headers.get('access-control-allow-origin')).toBeNull();
    const preflight = await fetch(`${team.url}/api/v1/messages`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(403);
  });
});

describe('signing in', () => {
  const exchange = (token: string) =>
    fetch(`${team.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-reign': '1' },
      body: JSON.stringify({ token }),
    });
  const link = async () => (await bob.request<{ token: string }>('POST', '/links', {})).body.token;

  it('works once by a link, and the cookie is for this site and no script', async () => {
    const token = await link();
    const first = await exchange(token);
    expect(await first.json()).toEqual({ person: 'bob' });
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Strict/i);
    expect(cookie).toMatch(/Path=\//i);
    expect((await exchange(token)).status).toBe(401);
  });

  it('does not work twice for two who come at the same moment', async () => {
    const token = await link();
    const answers = await Promise.all(Array.from({ length: 20 }, () => exchange(token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('does not work with an old link, a guess, or what the database holds', async () => {
    const token = await link();
    await team.sql('update sign_in_links set expires_at = now() where token_hash = $1', [sha256(token)]);
    const other = sha256(await link());
    for (const guess of [token, other, 'x', '', 'null', `' or 1=1 --`, 'a'.repeat(201)]) {
      expect((await exchange(guess)).status, guess).toBeGreaterThanOrEqual(400);
    }
  });

  it('does not work with an old, an unknown or an ended session', async () => {
    const old = await team.as('carol');
    await team.sql(`update sessions set expires_at = now() where person = 'carol'`);
    expect((await old.request('GET', '/plans')).status).toBe(401);
    const guess = await fetch(`${team.url}/api/v1/plans`, { headers: { cookie: 'reign_session=x' } });
    expect(guess.status).toBe(401);
    const leaving = await team.as('vic');
    expect((await leaving.request('DELETE', '/session')).status).toBe(200);
    expect((await leaving.request('GET', '/plans')).status).toBe(401);
    expect((await fetch(`${team.url}/api/v1/plans`)).status).toBe(401);
  });

  it('gives nobody another name outside the demo', async () => {
    const bearer = (token: string, headers: Record<string, string> = {}) =>
      fetch(`${team.url}/api/v1/plans`, { headers: { authorization: `Bearer ${token}`, ...headers } });
    expect((await bearer(team.token)).status).toBe(200);
    expect((await bearer(team.token, { 'x-reign-as': 'bob' })).status).toBe(403);
    expect((await bearer(team.token, { 'x-reign-as': '%' })).status).toBe(400);
    expect((await bearer('A'.repeat(team.token.length))).status).toBe(401);
    expect((await bearer(`${team.token}x`)).status).toBe(401);
    expect((await bearer(team.token.slice(0, -1))).status).toBe(401);
    expect((await alice.request('POST', '/session/person', { person: 'bob' })).status).toBe(403);
    const asked = await team.reign.cli('plan', 'list', '--as', 'bob');
    expect(asked).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Only the demo lets people be switched'),
    });
  });
});

describe('what one person is shown', () => {
  it('of production logs is shown to nobody else, by whatever way', async () => {
    const { conversation, body } = await alice.entryFor('show the logs of checkout in production');
    expect(body).toMatchObject({ kind: 'answer', private: true });
    const [first = ''] = body.kind === 'answer' && body.content.kind === 'lines' ? body.content.lines : [];
    // Pod and time, before any quote that JSON would escape.
    const line = first.slice(0, 40);
    expect(line).toHaveLength(40);
    expect(await seen(alice, conversation)).toContain(line);
    const view = await bob.request('GET', `/conversations/${conversation}`);
    expect(view.status).toBe(200);
    expect(JSON.stringify(view.body)).not.toContain(line);
    expect(await seen(bob, conversation)).not.toContain(line);
    const audit = await bob.request('GET', '/audit?limit=1000');
    expect(JSON.stringify(audit.body)).not.toContain(line);
    const { plans } = (
      await bob.request<{ plans: { id: string; goal: string; steps: { key: string }[] }[] }>(
        'GET',
        '/plans?text=logs',
      )
    ).body;
    expect(JSON.stringify(plans)).not.toContain(line);
    const [plan] = plans;
    const step = `/plans/${plan?.id}/steps/${plan?.steps[0]?.key}`;
    expect(JSON.stringify((await alice.request('GET', step)).body)).toContain(line);
    const bobs = await bob.request<{ step: { hidden?: true } }>('GET', step);
    expect(bobs.body.step.hidden).toBe(true);
    expect(JSON.stringify(bobs.body)).not.toContain(line);
  });

  it('stops where their roles stop', async () => {
    const sam = await team.as('sam');
    const plan = await alice.planFor('scale cart to 7 in production');
    const [row] = await team.sql<{ id: string }>('select conversation_id as id from plans where id = $1', [
      plan.id,
    ]);
    const conversation = row?.id ?? '';
    const everything = async (route: string) => JSON.stringify((await sam.request('GET', route)).body);
    expect((await sam.request('GET', `/plans/${plan.id}`)).status).toBe(404);
    expect((await sam.request('GET', `/plans/${plan.id}/steps/${plan.steps[0]?.key}`)).status).toBe(404);
    for (const route of ['/plans?text=cart', '/approvals', '/audit?target=cart', '/audit?limit=3'])
      expect(await everything(route), route).not.toContain(plan.id);
    const counted = (await sam.request<{ everything: boolean; load: unknown[] }>('GET', '/statistics')).body;
    expect(counted).toMatchObject({ everything: false, load: [] });
    expect((await sam.request('POST', '/health/doctor')).status).toBe(403);
    const wanted = {
      operation: 'kubernetes.scale',
      request: { name: 'cart', replicas: 1, environment: 'production' },
    };
    const sent = await sam.request<{ conversation: string }>('POST', '/requests', { ...wanted, key: 'sam' });
    expect(sent.status).toBe(202);
    await until(
      async () => (await everything(`/conversations/${sent.body.conversation}`)).includes('"kind":"refusal"'),
      30_000,
      () => 'a typed request beyond sam’s roles was not refused',
    );
    expect((await sam.request('POST', `/plans/${plan.id}/undo`, {})).status).toBe(404);
    expect((await sam.request('POST', `/plans/${plan.id}/cancel`, {})).status).toBe(403);
    expect((await sam.request('GET', `/conversations/${conversation}`)).status).toBe(404);
    expect(
      (await sam.request('POST', '/messages', { text: 'and cart?', key: 'k', conversation })).status,
    ).toBe(404);
    expect(await everything('/plans')).not.toContain(plan.id);
    expect(await everything('/conversations')).not.toContain(conversation);
    expect(await everything('/audit?limit=1000')).not.toMatch(new RegExp(`${plan.id}|in production`));
    expect(await everything(`/audit?plan=${plan.id}`)).toBe('{"events":[]}');
    expect((await sam.request('GET', '/audit/export')).status).toBe(403);
    expect(await seen(sam, conversation)).toBe('');
    for (const question of [`status of ${plan.id}`, 'status', 'who changed what today?', `undo ${plan.id}`]) {
      const { body } = await sam.entryFor(question);
      expect(JSON.stringify(body).replaceAll(question, ''), question).not.toMatch(/cart to 7|in production/);
    }
    const own = await sam.planFor('scale cart to 4 in staging');
    expect((await sam.plan(own.id)).id).toBe(own.id);
    const vic = await team.as('vic');
    expect((await vic.request('GET', `/plans/${plan.id}`)).status).toBe(200);
  });

  it('stops there also in what was answered to others', async () => {
    const sam = await team.as('sam');
    const vic = await team.as('vic');
    const hidden = await alice.planFor('scale cart to 6 in production');
    const text = async (who: Visitor, conversation: string) =>
      JSON.stringify((await who.request('GET', `/conversations/${conversation}`)).body);
    for (const question of ['status', 'who changed what today?']) {
      const { conversation } = await alice.entryFor(question);
      expect((await sam.request('GET', `/conversations/${conversation}`)).status, question).toBe(404);
      expect(await text(vic, conversation)).toContain(hidden.id);
    }
    const shared = await alice.entryFor('scale catalog to 3 in staging');
    for (const question of ['status', 'who changed what today?']) {
      await alice.entryFor(question, shared.conversation);
      expect(await text(vic, shared.conversation)).toContain(hidden.id);
      const seenBySam = await text(sam, shared.conversation);
      expect(seenBySam).toContain('catalog');
      expect(seenBySam).not.toContain(hidden.id);
    }
  });

  it('ends with their session, also on a connection that is open', async () => {
    const guest = await team.as('bob');
    const socket = await live(guest);
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    await guest.request('DELETE', '/session');
    expect(await closed).toBe(1008);
  });
});

it('questions are answered by whom they were put to', async () => {
  const { body } = await alice.entryFor('restart worker in staging');
  if (body.kind !== 'question') throw new Error(JSON.stringify(body));
  const answer = (visitor: Visitor) =>
    visitor.request('POST', `/questions/${body.questionId}/answer`, { option: 0 });
  expect((await answer(bob)).status).toBe(403);
  expect((await alice.request('POST', `/questions/${body.questionId}/answer`, { option: 77 })).status).toBe(
    400,
  );
  const twice = await Promise.all([answer(alice), answer(alice)]);
  expect(twice.map(({ status }) => status).sort()).toEqual([200, 409]);
});

it('what went wrong inside is not told', async () => {
  for (const route of [
    '/plans/%00',
    '/conversations/%00',
    '/audit?plan=%00',
    '/plans/__proto__',
    '/plans/%ff',
  ]) {
    const response = await fetch(`${team.url}/api/v1${route}`, { headers: { cookie: alice.cookie } });
    const text = await response.text();
    expect(response.status, text).toBeLessThan(500);
    expect(text).not.toMatch(/select|query|node_modules|at \w+ \(/i);
  }
  const poisoned = await fetch(`${team.url}/api/v1/messages`, {
    method: 'POST',
    headers: { cookie: alice.cookie, 'x-reign': '1', 'content-type': 'application/json' },
    body: '{"text":"help","key":"k","__proto__":{"admin":true}}',
  });
  expect(poisoned.status).toBe(400);
});

async function live(visitor: Visitor): Promise<WebSocket> {
  const headers = { cookie: visitor.cookie, origin: `http://${host}` };
  const socket = new WebSocket(`${team.url.replace('http', 'ws')}/api/v1/live`, { headers });
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  return socket;
}

/** Everything that a person gets of a conversation over a live connection within a moment. */
async function seen(visitor: Visitor, conversation: string): Promise<string> {
  const socket = await live(visitor);
  let text = '';
  let polls = 0;
  socket.on('message', (data: Buffer) => {
    if (data.toString().includes(conversation)) text += data.toString();
  });
  socket.send(JSON.stringify({ type: 'subscribe', conversation }));
  await until(
    () => text !== '' || polls++ > 8,
    20_000,
    () => 'nothing came',
  );
  socket.close();
  return text;
}
