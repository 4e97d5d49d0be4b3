import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect } from 'vitest';
import type { PlanCard } from '../../src/domain/chat.ts';
import type { Draft } from '../../src/domain/draft.ts';
import { planEnded } from '../../src/domain/plan.ts';
import { until } from '../support/reign.ts';
import { describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';

// Steps that take values from other steps' results (DESIGN §4). Drafts are put where a planner's would lie.

let team: Team;
let bob: Visitor;
let carol: Visitor;

beforeAll(async () => {
  team = await startTeam();
  [bob, carol] = await Promise.all([team.as('bob'), team.as('carol')]);
});
afterAll(() => team?.stop());

const ended = ({ state }: PlanCard) => planEnded(state);
const waiting = ({ state }: PlanCard) => state === 'waiting-for-approval';
const step = (key: string, operation: string, request: object, needs: string[] = []) => ({
  key,
  operation,
  request: request as never,
  needs,
});
const scale = (name: unknown, replicas: unknown) =>
  step('scale', 'kubernetes.scale', { name, replicas, environment: 'staging' });
const noop = (key: string, request: object, needs: string[] = []) => step(key, 'reign.noop', request, needs);

/** Hands a draft of bob's to the workers. @returns what became of the message. */
async function propose(
  steps: Draft['steps'],
  onFailure?: Draft['onFailure'],
): Promise<string | { refusal: string }> {
  const id = randomBytes(6).toString('hex');
  const draft = { draft: { goal: 'a test', steps, ...(onFailure ? { onFailure } : {}) }, context: {} };
  await team.sql(
    `insert into conversations (id, title, created_by, created_at, updated_at) values ($1, 't', 'bob', now(), now())`,
    [`c-${id}`],
  );
  await team.sql(
    `insert into messages (id, conversation_id, dedupe_key, person, text, state, draft, authors, received_at)
     values ($1, $2, $1, 'bob', 'a test', 'preparing', $3, '{bob}', now() - interval '1 minute')`,
    [`m-${id}`, `c-${id}`, JSON.stringify(draft)],
  );
  let plan: string | null = null;
  let refusal: string | undefined;
  await until(
    async () => {
      const [row] = await team.sql<{ state: string; plan_id: string | null }>(
        'select state, plan_id from messages where id = $1',
        [`m-${id}`],
      );
      plan = row?.plan_id ?? null;
      if (row?.state === 'done' && plan === null) {
        const entries = await team.sql<{ body: { text: string } }>(
          'select body from chat_entries where key = $1',
          [`r-m-${id}`],
        );
        refusal = entries[0]?.body.text;
      }
      return row?.state === 'done';
    },
    30_000,
    () => `no answer: ${id}`,
  );
  return plan ?? { refusal: refusal ?? '' };
}

async function planOf(...drafted: Parameters<typeof propose>): Promise<string> {
  const answer = await propose(...drafted);
  if (typeof answer !== 'string') throw new Error(answer.refusal);
  return answer;
}

async function approve(id: string): Promise<PlanCard> {
  const plan = await bob.until(id, waiting);
  const by = plan.waitingFor?.includes('carol') ? carol : bob;
  expect(await by.decide(plan), JSON.stringify(plan)).toMatchObject({ status: 200 });
  return plan;
}

const rows = (id: string) =>
  team.sql<{ key: string; state: string; input: object; output: object | null; version: number; id: string }>(
    'select * from steps where plan_id = $1 order by position',
    [id],
  );

describe('a reference to a read', () => {
  it('gets its value before the preview, so that the approver sees it', async () => {
    const id = await planOf([
      step('find', 'kubernetes.list', { kind: 'deployment', environment: 'staging', namespace: 'shop' }),
      scale({ $from: 'find', at: '/rows/0/0' }, 2),
    ]);
    const plan = await approve(id);
    expect(plan.revision).toBe(1);
    expect(plan.steps[1]).toMatchObject({
      needs: ['find'],
      takes: ['name from step find/rows/0/0'],
      preview: { kind: 'dry-run' },
    });
    expect(plan.steps[1]?.title).toContain('cart');
    expect((await bob.until(id, ended)).state).toBe('succeeded');
  });

  it('is refused where the result has no such value, and where the asker alone may see it', async () => {
    const find = step('find', 'kubernetes.list', { kind: 'deployment', environment: 'staging' });
    expect(await propose([find, scale({ $from: 'find', at: '/rows/999/0' }, 2)])).toEqual({
      refusal: 'The result of "find" has no /rows/999/0.',
    });
    const logs = step('logs', 'kubernetes.logs', { name: 'web', environment: 'staging' });
    expect(await propose([logs, scale({ $from: 'logs', at: '/lines/0' }, 2)])).toMatchObject({
      refusal: expect.stringContaining('for the asker alone'),
    });
  });

  it('is refused where it cannot be read, names no step, or goes in a circle', async () => {
    expect(await propose([scale({ $from: 'nobody', at: '/x' }, 2)])).toMatchObject({
      refusal: expect.stringContaining('needs "nobody", which is not there'),
    });
    expect(await propose([scale({ $from: 3 }, 2)])).toMatchObject({
      refusal: expect.stringContaining('cannot be read'),
    });
    expect(
      await propose([noop('a', { key: { $from: 'b' } }), noop('b', { key: { $from: 'a' } })]),
    ).toMatchObject({
      refusal: expect.stringContaining('circle'),
    });
  });
});

describe('a reference to a write', () => {
  it('fills a late-bindable field when the step is claimed', async () => {
    const id = await planOf([
      noop('first', { key: 'one' }),
      noop('second', { key: 'two', note: { $from: 'first', at: '/key' } }),
    ]);
    const plan = await approve(id);
    expect(plan.steps[1]?.takes).toEqual(['note from step first/key, when it runs']);
    expect((await bob.until(id, ended)).state).toBe('succeeded');
    expect((await rows(id))[1]).toMatchObject({
      input: { note: 'one' },
      output: { key: 'two', note: 'one' },
    });
  });

  it('stops the plan where the late value does not fit', async () => {
    const id = await planOf([
      noop('first', { key: 'one' }),
      noop('second', { key: 'two', note: { $from: 'first', at: '' } }),
    ]);
    await approve(id);
    const plan = await bob.until(id, ended);
    expect(plan.state).toBe('rolled-back');
    expect(plan.steps[1]?.fault).toContain('does not fit');
  });

  it('that fills a target waits for the next revision, which is shown and asked for again', async () => {
    const id = await planOf([noop('first', { key: 'web' }), scale({ $from: 'first', at: '/key' }, 5)]);
    const first = await approve(id);
    expect(first.revision).toBe(1);
    expect(first.steps[1]).toMatchObject({ targets: [], tier: 'production', preview: { kind: 'deferred' } });
    const second = await bob.until(id, (plan) => waiting(plan) && plan.revision === 2);
    expect(team.replicas('staging', 'web')).not.toBe(5);
    expect(second.steps.map(({ state }) => state)).toEqual(['succeeded', 'planned']);
    expect(second.steps[1]).toMatchObject({ environment: 'staging', preview: { kind: 'dry-run' } });
    expect(await bob.decide(first)).toMatchObject({ status: 409 });
    await approve(id);
    expect((await bob.until(id, ended)).state).toBe('succeeded');
    expect(team.replicas('staging', 'web')).toBe(5);
  });

  it('does not run before it was shown, whatever its row says', async () => {
    const id = await planOf([
      noop('slow', { key: 'web', milliseconds: 4000 }),
      scale({ $from: 'slow', at: '/key' }, 9),
    ]);
    await approve(id);
    await bob.until(id, ({ state }) => state === 'running');
    const [, forged] = await rows(id);
    await team.sql(
      `update steps set state = 'ready', ready_at = now() - interval '1 minute', input = (select input from steps
         where operation = 'kubernetes.scale' and plan_id <> $2 order by started_at desc nulls last limit 1)
       where id = $1`,
      [forged?.id, id],
    );
    const plan = await bob.until(id, ended);
    expect(plan.state).not.toBe('succeeded');
    expect(await team.events(id, 'step.running')).toBe(1);
    expect(team.replicas('staging', 'web')).toBe(5);
  });

  it('rolls back what was done where the next part cannot be had', async () => {
    const id = await planOf([noop('first', { key: 'nosuch' }), scale({ $from: 'first', at: '/key' }, 5)]);
    await approve(id);
    const plan = await bob.until(id, ended);
    expect(plan.state).toBe('rolled-back');
    expect(plan.steps.map(({ state }) => state)).toEqual(['rolled-back', 'rejected']);
    expect(plan.outcome).toContain('nosuch');
  });

  it('says that the first part stays when the next is rejected', async () => {
    const id = await planOf([noop('first', { key: 'web' }), scale({ $from: 'first', at: '/key' }, 7)]);
    await approve(id);
    const second = await bob.until(id, (plan) => waiting(plan) && plan.revision === 2);
    expect((await bob.decide(second, 'reject')).status).toBe(200);
    const plan = await bob.until(id, ended);
    expect(plan).toMatchObject({ state: 'rejected', outcome: expect.stringContaining('already done stays') });
    expect(plan.steps.map(({ state }) => state)).toEqual(['succeeded', 'skipped']);
    expect(team.replicas('staging', 'web')).toBe(5);
  });

  it('does not wait for a lock while it holds others', async () => {
    const id = await planOf([noop('first', { key: 'web' }), scale({ $from: 'first', at: '/key' }, 7)]);
    await approve(id);
    const second = await bob.until(id, (plan) => waiting(plan) && plan.revision === 2);
    await team.sql(
      'insert into locks (target, plan_id, taken_at) select $1, id, now() from plans where id <> $2 limit 1',
      [second.steps[1]?.targets[0], id],
    );
    await approve(id);
    const plan = await bob.until(id, ended);
    expect(plan).toMatchObject({ state: 'rolled-back', outcome: expect.stringContaining('is held by plan') });
    await team.sql('delete from locks where target = $1', [second.steps[1]?.targets[0]]);
  });
});
