import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReign, type TestReign } from '../support/reign.ts';

describe('the terminal', () => {
  let reign: TestReign;
  beforeAll(async () => {
    reign = await createReign();
    await reign.start('all');
  });
  afterAll(() => reign.stop());

  const kinds = (events: Record<string, unknown>[]) => events.map(({ type }) => type);

  it('asks, approves and follows to the end', async () => {
    const { code, events } = await reign.cli('ask', 'scale checkout to 4 in staging', '--approve', '--json');
    expect(code).toBe(0);
    expect(kinds(events)).toEqual(expect.arrayContaining(['plan', 'approval', 'step', 'final']));
    expect(events.find(({ type }) => type === 'plan')).toMatchObject({
      id: expect.stringMatching(/^p-/),
      revision: 1,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      steps: [{ operation: 'kubernetes.scale' }],
    });
    expect(events.at(-1)).toMatchObject({ type: 'final', state: 'succeeded' });
  });

  it('waits with exit code 3 for somebody else, whose approval runs it', async () => {
    const asked = await reign.cli('ask', 'scale checkout to 8 in production', '--approve', '--json');
    expect(asked.code).toBe(3);
    expect(asked.events).toContainEqual(expect.objectContaining({ type: 'approval', accepted: false }));
    const plan = asked.events.find(({ type }) => type === 'plan')?.['id'] as string;
    const approved = await reign.cli('plan', 'approve', plan, '--as', 'bob', '--wait', '--json');
    expect(approved.code).toBe(0);
    expect(approved.events.at(-1)).toMatchObject({ type: 'final', state: 'succeeded' });
    const undone = await reign.cli('plan', 'undo', plan, '--json');
    expect(undone.events.at(-1)).toMatchObject({ type: 'final', state: 'succeeded' });
  });

  it('answers reads, asks questions, and refuses with words', async () => {
    const pods = await reign.cli('ask', 'list pods in staging', '--json');
    expect(pods.code).toBe(0);
    expect(kinds(pods.events)).toEqual(expect.arrayContaining(['answer', 'final']));
    const question = await reign.cli('ask', 'restart worker in staging', '--json');
    expect(question.code).toBe(3);
    expect(question.events.at(-1)).toMatchObject({
      type: 'question',
      options: [{ label: 'payments/worker' }, {}],
    });
    const nothing = await reign.cli('ask', 'scale nosuchthing to 3 in staging');
    expect(nothing.code).toBe(1);
    expect(nothing.stdout).toContain('nosuchthing');
  });

  const planOf = (events: Record<string, unknown>[]) =>
    events.find(({ type }) => type === 'plan') as { id: string; revision: number } & Record<string, unknown>;

  it('rolls a bad image back and exits with 1', async () => {
    const { code, events } = await reign.cli(
      'ask',
      'set the image of web in staging to registry.demo/web:bad',
      '--approve',
      '--json',
    );
    expect(code).toBe(1);
    expect(events.at(-1)).toMatchObject({
      state: 'rolled-back',
      text: expect.stringContaining('ImagePullBackOff'),
    });
  });

  it('runs two branches side by side', async () => {
    const text = 'scale catalog to 3 and web to 3 in staging';
    const { code, events } = await reign.cli('ask', text, '--approve', '--json');
    expect(code).toBe(0);
    expect(planOf(events)).toMatchObject({ steps: [{ needs: [] }, { needs: [] }] });
  });

  it('makes the second of two plans on one target wait, and asks again for what it then finds', async () => {
    const first = planOf((await reign.cli('ask', 'scale ledger to 6 in staging', '--json')).events);
    const second = planOf((await reign.cli('ask', 'scale ledger to 2 in staging', '--json')).events);
    await reign.cli('plan', 'approve', first.id);
    await reign.cli('plan', 'approve', second.id);
    const again = await reign.api().until(second.id, ({ revision }) => revision === 2);
    expect(again.steps[0]?.preview?.summary).toBe('6 → 2 replicas');
    const late = await reign.cli('plan', 'approve', second.id, '--revision', '1');
    expect(late.code).toBe(1);
    expect(late.stderr).toContain('revision 2');
    const done = await reign.cli('plan', 'approve', second.id, '--revision', '2', '--wait', '--json');
    expect(done.events.at(-1)).toMatchObject({ type: 'final', state: 'succeeded' });
  });

  it('holds writes in a freeze until it is lifted', async () => {
    expect((await reign.cli('freeze', 'staging', 'inventory')).code).toBe(1);
    expect((await reign.cli('freeze', 'staging', 'inventory', '--for', '1h', '--as', 'bob')).code).toBe(0);
    const plan = planOf((await reign.cli('ask', 'scale payments-api to 4 in staging', '--json')).events);
    await reign.cli('plan', 'approve', plan.id);
    await reign.api().until(plan.id, ({ waitingFor }) => waitingFor?.includes('inventory') === true);
    expect((await reign.cli('unfreeze', 'staging', '--as', 'bob')).code).toBe(0);
    expect((await reign.api().until(plan.id, ({ endedAt }) => endedAt !== undefined)).state).toBe(
      'succeeded',
    );
  });

  it('lists tools, plans and the audit', async () => {
    const tools = await reign.cli('tools', '--json');
    expect(tools.events).toContainEqual(
      expect.objectContaining({
        id: 'kubernetes.scale',
        effect: 'update',
        preview: 'dry-run',
        undo: 'reversible',
      }),
    );
    expect((await reign.cli('plan', 'list', '--json')).events.length).toBeGreaterThan(1);
    const verified = await reign.cli('audit', 'verify', '--json');
    expect(verified.code).toBe(0);
    expect(verified.events.at(-1)).toMatchObject({ ok: true });
  });
});
