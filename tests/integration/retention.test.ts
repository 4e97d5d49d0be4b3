import { afterAll, beforeAll, expect } from 'vitest';
import type { PlanCard } from '../../src/domain/chat.ts';
import { planEnded } from '../../src/domain/plan.ts';
import { createPool } from '../../src/store/pool.ts';
import { until } from '../support/reign.ts';
import { it, startTeam, type Team, type Visitor } from '../support/team.ts';

// docs/operations.md: what is erased after the configured time, what stays, and that the audit holds all the same.

let team: Team;
let alice: Visitor;
let old: PlanCard;
let recent: PlanCard;
let words: { conversation: string };
const retention = { REIGN_RETENTION_PAYLOADS: '90d', REIGN_RETENTION_CHAT: '90d' };

beforeAll(async () => {
  team = await startTeam('', retention);
  alice = await team.as('alice');
  const carriedOut = async (text: string) => {
    const plan = await alice.planFor(text);
    await alice.decide(plan);
    return alice.until(plan.id, ({ state }) => planEnded(state));
  };
  old = await carriedOut('scale checkout to 5 in staging');
  recent = await carriedOut('scale cart to 3 in staging');
  words = await alice.entryFor('show me the logs of checkout in staging');
  await team.sql(
    `update plans set ended_at = now() - interval '91 days' where id = $1 or conversation_id = $2`,
    [old.id, words.conversation],
  );
  await team.sql(`update conversations set updated_at = now() - interval '91 days' where id = $1`, [
    words.conversation,
  ]);
  const event = {
    chain: 'messages',
    type: 'message.drafted',
    actor: 'planner',
    at: '2020-01-01T00:00:00.000Z',
  };
  await team.sql('select append_audit($1)', [
    JSON.stringify([
      { ...event, payload: '{"text":"secret plans"}' },
      { ...event, chain: 'access', type: 'session.begun', payload: '{"old":true}' },
    ]),
  ]);
  await team.sql(
    `insert into found_secrets (name, message_id, environment, sealed, found_at)
     select 'old', id, 'staging', '{}', now() - interval '2 days' from messages limit 1`,
  );
  // It looks when it starts, and every ten minutes.
  team.process.child.kill('SIGTERM');
  await team.process.ended;
  await team.reign.start('all', retention);
  const erased = async () => (await team.sql('select from plans where erased_at is not null')).length === 2;
  await until(erased, 30_000, () => 'nothing is erased');
}, 180_000);
afterAll(() => team?.stop());

const api = () => team.reign.api();

it('empties the steps and the audit of an old plan, which says so, and leaves others alone', async () => {
  const shown = (await api().plan(old.id)) as PlanCard;
  expect(shown.outcome).toMatch(
    /Done.*What it was made of was erased on \d{4}-\d\d-\d\d \(retention\.payloads\)/,
  );
  expect(shown.decisions.map(({ person }) => person)).toEqual(['alice']);
  expect(shown.steps[0]?.targets).toEqual(old.steps[0]?.targets);
  expect(shown.steps[0]?.preview).toBeUndefined();
  const steps = await team.sql('select input, captured, output from steps where plan_id = $1', [old.id]);
  expect(steps).toEqual([{ input: {}, captured: null, output: null }]);
  expect((await api().plan(recent.id)).steps[0]?.preview).toBeDefined();
  const payloads = async (chain: string) =>
    (await team.sql('select from audit_payloads where chain = $1', [chain])).length;
  expect(await payloads(`plan:${old.id}`)).toBe(0);
  expect(await payloads(`plan:${recent.id}`)).toBeGreaterThan(0);
  expect(await team.sql(`select from audit_payloads where payload like '%secret plans%'`)).toEqual([]);
});

it('refuses to undo what was erased, with the reason', async () => {
  const refused = await api().call<{ fault: { message: string } }>('POST', `/plans/${old.id}/undo`, {});
  expect(refused.status).toBe(403);
  expect(refused.body.fault.message).toMatch(/cannot be undone: what it would put back was erased/);
  expect((await api().call('POST', `/plans/${recent.id}/undo`, {})).status).toBeLessThan(300);
});

it('erases what was said in a conversation that rests, and what was answered', async () => {
  const entries = await api().entries(words.conversation);
  const text = JSON.stringify(entries);
  expect(text).toContain('Erased.');
  expect(text).not.toContain('show me the logs');
  const said = await team.sql('select text from messages where conversation_id = $1', [words.conversation]);
  expect(said).toEqual([{ text: 'Erased.' }]);
});

it('forgets what looks have found after a day', async () => {
  expect(await team.sql(`select from found_secrets where name = 'old'`)).toEqual([]);
});

it('leaves an audit that verifies, and says there what was erased', async () => {
  const { body } = await api().call<{ ok: boolean; erasedPayloads: number }>('POST', '/audit/verify', {});
  expect(body.ok, JSON.stringify(body)).toBe(true);
  expect(body.erasedPayloads).toBeGreaterThan(3);
  const said = await team.sql<{ payload: string }>(
    `select payload from audit_events join audit_payloads using (chain, seq) where type = 'payloads.erased'`,
  );
  expect(said.flatMap(({ payload }) => JSON.parse(payload).of)).toEqual(expect.arrayContaining([old.id]));
});

it('lets a gateway erase nothing that is younger than a day, and a worker nothing at all', async () => {
  const attempt = async (role: 'gateway' | 'worker', query: string) => {
    const pool = createPool(team.reign.database.url, role, 1);
    return pool.query(query).finally(() => pool.end());
  };
  await expect(attempt('gateway', 'select erase_payloads(now(), 100)')).rejects.toThrow(/younger than a day/);
  await expect(attempt('gateway', 'select erase_chat(now(), 100)')).rejects.toThrow(/younger than a day/);
  await expect(attempt('gateway', 'delete from audit_payloads')).rejects.toThrow(/permission denied/);
  const old = `select erase_payloads(now() - interval '90 days', 1)`;
  await expect(attempt('worker', old)).rejects.toThrow(/permission denied/);
});

it('is not misled by tables of the caller’s own, and neither is the audit', async () => {
  const as = async (role: 'gateway' | 'worker', query: string) => {
    const pool = createPool(team.reign.database.url, role, 1);
    await pool.query(query).finally(() => pool.end());
  };
  await as(
    'gateway',
    `create temp table audit_events as select chain, seq, '2020-01-01' as at from public.audit_events;
     create temp table plans as select id, now() as erased_at, now() as ended_at from public.plans;
     grant all on audit_events, plans to public;
     select erase_payloads(now() - interval '24 hours', 100)`,
  );
  const kept = await team.sql('select from audit_payloads where chain = $1', [`plan:${recent.id}`]);
  expect(kept.length).toBeGreaterThan(0);
  const event = {
    chain: 'messages',
    type: 'message.drafted',
    actor: 'planner',
    at: '2026-01-01T00:00:00.000Z',
  };
  await as(
    'worker',
    `create temp table audit_heads (chain text primary key, seq bigint, hash text);
     insert into pg_temp.audit_heads values ('messages', 4711, 'forged');
     grant all on audit_heads to public;
     select append_audit('${JSON.stringify([{ ...event, payload: '{}' }])}')`,
  );
  const { body } = await api().call<{ ok: boolean }>('POST', '/audit/verify', {});
  expect(body.ok, JSON.stringify(body)).toBe(true);
});

it('keeps what belongs to no plan and no conversation', async () => {
  expect(await team.sql(`select from audit_payloads where payload = '{"old":true}'`)).toHaveLength(1);
});
