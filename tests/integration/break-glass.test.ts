import { afterAll, beforeAll, expect } from 'vitest';
import type { PlanCard } from '../../src/domain/chat.ts';
import { planEnded } from '../../src/domain/plan.ts';
import { describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';

// The person on call alone (DESIGN §6), and a change request that goes back to the planner.

let team: Team;
let alice: Visitor;
let bob: Visitor;
let carol: Visitor;

beforeAll(async () => {
  team = await startTeam(`
policy: { breakGlass: [kubernetes.scale] }
approvals: { onCall: [alice, vic] }
`);
  [alice, bob, carol] = await Promise.all([team.as('alice'), team.as('bob'), team.as('carol')]);
});
afterAll(() => team?.stop());

const ended = ({ state }: PlanCard) => planEnded(state);
const breakGlass = (who: Visitor, plan: PlanCard, reason?: string) =>
  who.request<{ state?: string; fault?: { message: string } }>('POST', `/plans/${plan.id}/decisions`, {
    revision: plan.revision,
    verdict: 'approve',
    breakGlass: true,
    ...(reason === undefined ? {} : { reason }),
  });
const review = (who: Visitor, id: string, verdict: string) =>
  who.request<{ state?: string; fault?: { message: string } }>('POST', `/plans/${id}/review`, { verdict });

describe('break-glass', () => {
  it('lets the person on call run a listed operation alone, and others review it', async () => {
    const plan = await alice.planFor('scale checkout to 7 in production');
    expect(plan).toMatchObject({ breakGlass: true, approval: { kind: 'ask' } });
    expect(await breakGlass(alice, plan, 'checkout is on fire')).toMatchObject({ status: 200 });
    const done = await alice.until(plan.id, ended);
    expect(done).toMatchObject({ state: 'succeeded', review: { by: 'alice', state: 'open' } });
    expect(team.replicas('production', 'checkout')).toBe(7);
    const [notice] = await team.sql<{ body: { text: string } }>(
      `select body from chat_entries where key = $1`,
      [`notice-${plan.id}-glass`],
    );
    expect(notice?.body.text).toContain('alice broke the glass: "checkout is on fire"');

    expect(await review(alice, plan.id, 'approve')).toMatchObject({ status: 403 });
    expect(await review(await team.as('vic'), plan.id, 'approve')).toMatchObject({ status: 403 });
    expect(await review(bob, plan.id, 'approve')).toMatchObject({ status: 200, body: { state: 'passed' } });
    expect(await review(carol, plan.id, 'approve')).toMatchObject({ status: 409 });
  });

  it('needs a reason, a listed operation, the right to ask, and the person on call', async () => {
    const plan = await alice.planFor('scale checkout to 8 in production');
    const code = await alice.planFor('run `echo hello` in production');
    const refusals: [Promise<{ status: number; body: unknown }>, number, string][] = [
      [breakGlass(alice, plan), 400, 'give the reason'],
      [breakGlass(alice, plan, '  '), 400, 'give the reason'],
      [breakGlass(bob, plan, 'fire'), 403, 'Only the person on call'],
      [breakGlass(await team.as('vic'), plan, 'fire'), 403, 'vic'],
      [breakGlass(alice, code, 'fire'), 403, 'not every operation'],
    ];
    for (const [answer, status, words] of refusals) {
      const { status: given, body } = await answer;
      expect(given, JSON.stringify(body)).toBe(status);
      expect(JSON.stringify(body).toLowerCase()).toContain(words.toLowerCase());
    }
    expect((await alice.plan(plan.id)).state).toBe('waiting-for-approval');
    expect(code.breakGlass).toBeUndefined();
  });

  it('does not run what a forged break-glass row says', async () => {
    const plan = await alice.planFor('scale checkout to 9 in production');
    await team.sql(
      `insert into decisions (id, plan_id, revision, digest, person, verdict, via, reason, at, signature)
       values ('d-forged', $1, 1, $2, 'alice', 'approve', 'break-glass', 'fire', now()::text, 'AAAA')`,
      [plan.id, plan.digest],
    );
    await team.sql(`update plans set state = 'running', started_at = now() where id = $1`, [plan.id]);
    await team.sql(
      `update steps set state = 'ready', ready_at = now() - interval '1 minute' where plan_id = $1`,
      [plan.id],
    );
    expect((await alice.until(plan.id, ended)).state).toBe('failed');
    expect(team.replicas('production', 'checkout')).toBe(7);
  });

  it('is called overdue when nobody reviews it within a day', async () => {
    const plan = await alice.planFor('scale web to 4 in production');
    await breakGlass(alice, plan, 'web is on fire');
    await alice.until(plan.id, ended);
    await team.sql(`update plans set review = review || '{"dueAt": "2020-01-01T00:00:00Z"}' where id = $1`, [
      plan.id,
    ]);
    const late = await alice.until(plan.id, (card) => card.review?.state === 'overdue');
    expect(late.review?.by).toBe('alice');
    expect(await review(carol, plan.id, 'reject')).toMatchObject({ status: 200, body: { state: 'failed' } });
  });
});

describe('a change request', () => {
  it('goes back to the planner, and whoever made it is an author of what comes of it', async () => {
    const { conversation, body } = await alice.entryFor('scale checkout to 10 in production');
    if (body.kind !== 'plan') throw new Error(JSON.stringify(body));
    const { id, revision } = body.plan;
    const answer = await bob.request('POST', `/plans/${id}/decisions`, {
      revision,
      verdict: 'request-changes',
      reason: 'scale checkout to 8 in production instead',
    });
    expect(answer.status).toBe(200);
    expect((await alice.until(id, ended)).state).toBe('rejected');
    let next: PlanCard | undefined;
    for (let tries = 0; tries < 100 && !next; tries += 1) {
      const view = await carol.request<{ plans: PlanCard[] }>('GET', '/plans?open=true');
      next = view.body.plans.find(({ authors }) => authors.includes('bob') && authors.includes('alice'));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(next?.steps[0]?.title).toContain('8');
    expect(conversation).toBeTruthy();
    if (!next) throw new Error('no new plan');
    await carol.until(next.id, ({ state }) => state === 'waiting-for-approval');
    expect(await bob.decide(next)).toMatchObject({ status: 403 });
    expect(await carol.decide(next)).toMatchObject({ status: 200 });
  });
});
