import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanCard } from '../../src/domain/chat.ts';
import { silentLogger, systemClock } from '../../src/domain/ports/runtime.ts';
import { createPool } from '../../src/store/pool.ts';
import { createStore } from '../../src/store/store.ts';
import { createScene, type Scene } from './support.ts';

/** States that a crash leaves behind once in many thousand runs, made by hand while no worker runs. */
describe('what a crash leaves behind', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await createScene();
  });
  afterAll(() => scene?.stop());

  /** An approved plan whose steps are ready, with no worker to take them. */
  async function approved(text: string): Promise<PlanCard> {
    const plan = await scene.plan(text);
    await scene.kill(['worker']);
    expect((await scene.reign.api().decide(plan)).status).toBe(200);
    return plan;
  }

  /** As the sweep leaves a step whose worker was lost before its write went out. */
  async function makeUnclear({ id }: PlanCard): Promise<void> {
    await scene.rows(
      `update steps set state = 'unclear', version = version + 1, attempts = 1, ready_at = now(), started_at = now()
       where plan_id = $1`,
      [id],
    );
  }

  async function finished({ id }: PlanCard): Promise<PlanCard> {
    const sent = await scene.rows<{ message: string; conversation: string }>(
      'select id as message, conversation_id as conversation from messages',
    );
    await scene.finish(sent, 30_000);
    expect(await scene.brokenPromises(sent)).toEqual([]);
    return scene.reign.api().plan(id);
  }

  it('does not begin a lost step again after its plan was cancelled', async () => {
    const plan = await approved('restart svc-a1 in staging');
    await makeUnclear(plan);
    const cancelled = await scene.reign.api().call('POST', `/plans/${plan.id}/cancel`, {});
    expect(cancelled.status).toBe(200);
    await scene.start(['worker']);
    expect((await finished(plan)).state).toBe('cancelled');
    expect((await scene.deployment('svc-a1')).generation).toBe(1);
  });

  it('begins a lost step again whose write did not land, and once', async () => {
    const plan = await approved('restart svc-a2 in staging');
    await makeUnclear(plan);
    await scene.start(['worker']);
    expect((await finished(plan)).state).toBe('succeeded');
    expect((await scene.deployment('svc-a2')).generation).toBe(2);
  });

  it('ends a plan whose operation is another version now', async () => {
    const plan = await approved('restart svc-a3 in staging');
    await scene.rows('update steps set operation_version = 99 where plan_id = $1', [plan.id]);
    await scene.start(['worker']);
    const ended = await finished(plan);
    expect([ended.state, ended.outcome]).toEqual(['failed', expect.stringContaining('another version')]);
    expect((await scene.deployment('svc-a3')).generation).toBe(1);
  });

  it('leaves to a person what was lost in an operation that is no longer there, and asks nobody again', async () => {
    const plan = await approved('restart svc-a4 in staging');
    await makeUnclear(plan);
    await scene.rows(`update steps set operation = 'kubernetes.gone' where plan_id = $1`, [plan.id]);
    await scene.start(['worker']);
    expect((await finished(plan)).state).toBe('needs-a-person');
    const pool = createPool(scene.reign.database.url, 'worker', 1);
    const { queries } = createStore(pool, { clock: systemClock, logger: silentLogger });
    const later = new Date(Date.now() + 60_000);
    const due = await queries.due({
      now: later,
      messageAgeMs: 0,
      readyAgeMs: 0,
      leaseGraceMs: 0,
      limit: 100,
    });
    await pool.end();
    expect(due.steps).toEqual([]);
  });

  it('ends a plan whose author is no longer there when its world is looked at again', async () => {
    const plan = await scene.plan('restart svc-a5 in staging');
    await scene.rows(
      `update plans set authors = '{nobody}', state = 'previewed', version = version + 1 where id = $1`,
      [plan.id],
    );
    const ended = await finished(plan);
    expect([ended.state, ended.outcome]).toEqual(['failed', expect.stringContaining('nobody')]);
  });
});
