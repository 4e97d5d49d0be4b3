import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planEnded } from '../../src/domain/plan.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { createReign, type Process, type TestReign, until } from '../support/reign.ts';

// One message is one trace, over all processes, through the approval, and past a worker that is killed.

let receiver: OtlpReceiver;
let reign: TestReign;
let worker: Process;
const env = () => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_EXPORTER_OTLP_HEADERS: 'x-team=ops',
  OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  OTEL_BSP_SCHEDULE_DELAY: '100',
  REIGN_LEASE_SECONDS: '4',
  REIGN_LOG_LEVEL: 'debug',
});

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  reign = await createReign();
  await reign.start('gateway', env());
  worker = await reign.start('worker', env());
});
afterAll(async () => {
  await reign?.stop();
  await receiver?.stop();
});

const spansNamed = (spans: readonly ReceivedSpan[], name: string) =>
  spans.filter((span) => span.name === name);

/** The spans of one message's trace, once `name` is among them. */
async function traceWith(message: string, name: string, times = 1): Promise<ReceivedSpan[]> {
  const spans = () => {
    const all = receiver.spans();
    const root = all.find(({ attributes }) => attributes['messaging.message.id'] === message);
    return all.filter(({ traceId }) => traceId === root?.traceId);
  };
  await until(
    () => spansNamed(spans(), name).length >= times,
    20_000,
    () => `no ${name} among ${spans().map((span) => span.name)}`,
  );
  return spans();
}

async function logOf(plan: string): Promise<Record<string, unknown>[]> {
  const log = await readFile(path.join(reign.dataDir, 'logs', 'reign.log'), 'utf8');
  const lines = log.split('\n').filter((line) => line.startsWith('{'));
  return lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line['plan'] === plan);
}

describe('a trace', () => {
  it('leads from a message to each request of a tool, and knows who decided', async () => {
    const api = reign.api();
    const sent = await api.ask('scale checkout to 5 in staging');
    const card = await api.reply(sent);
    if (card.kind !== 'plan') throw new Error(JSON.stringify(card));
    const { plan } = card;
    if (plan.state === 'waiting-for-approval') await api.decide(plan);
    expect((await api.until(plan.id, ({ state }) => planEnded(state))).state).toBe('succeeded');
    const spans = await traceWith(sent.message, 'run step');

    const names = new Set(spans.map(({ name }) => name));
    for (const name of [
      'receive message',
      'wait in gateway',
      'plan message',
      'wait in previews',
      'admit plan',
    ])
      expect(names).toContain(name);
    for (const name of ['resolve', 'preview', 'capture', 'execute', 'verify'])
      expect(names).toContain(`${name} kubernetes.scale`);
    for (const name of ['preview plan', 'wait in steps', 'run step', 'GET', 'PATCH'])
      expect(names).toContain(name);

    const roots = spans.filter(({ parentSpanId }) => parentSpanId === '');
    expect(roots.map(({ name }) => name)).toEqual(['receive message']);
    const ids = new Set(spans.map(({ spanId }) => spanId));
    expect(spans.filter(({ parentSpanId }) => parentSpanId !== '' && !ids.has(parentSpanId))).toEqual([]);
    expect(ids.size).toBe(spans.length);

    const [decided] = spansNamed(spans, 'decide plan');
    const [step] = spansNamed(spans, 'run step');
    expect(step?.links).toEqual([{ traceId: step?.traceId, spanId: decided?.spanId }]);
    expect(step?.attributes).toMatchObject({
      'reign.plan.id': plan.id,
      'reign.operation': 'kubernetes.scale',
    });
    // Nothing lasts as long as somebody takes to decide.
    expect(Math.max(...spans.map(({ startedAt, endedAt }) => endedAt - startedAt))).toBeLessThan(30_000);

    const executing = spans.find(({ name }) => name === 'execute kubernetes.scale');
    const write = spansNamed(spans, 'PATCH').find(({ parentSpanId }) => parentSpanId === executing?.spanId);
    expect(write?.attributes).toMatchObject({
      'http.request.method': 'PATCH',
      'http.response.status_code': 200,
      'reign.connection.kind': 'kubernetes',
    });
    expect(new Set(spans.map(({ resource }) => resource['reign.role']))).toEqual(
      new Set(['gateway', 'worker']),
    );
    expect(step?.resource).toMatchObject({ 'service.name': 'reign', 'deployment.environment.name': 'test' });
    expect(receiver.requests[0]?.headers['x-team']).toBe('ops');

    const lines = await logOf(plan.id);
    expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['a step ended', 'a plan ended']));
    expect(new Set(lines.map((line) => line['trace_id']))).toEqual(new Set([step?.traceId]));
    const ended = lines.find(({ msg }) => msg === 'a step ended');
    expect(ended).toMatchObject({
      step: plan.steps[0]?.id,
      operation: 'kubernetes.scale',
      outcome: 'succeeded',
    });
  });

  it('of a worker that is killed is gone on with by the next', async () => {
    const api = reign.api();
    const sent = await api.ask('run `sleep 60` in staging');
    const card = await api.reply(sent);
    if (card.kind !== 'plan') throw new Error(JSON.stringify(card));
    const { plan } = card;
    const decided = await api.decide(plan);
    expect(decided.status).toBe(200);
    await api.until(plan.id, ({ steps }) => steps[0]?.state === 'running');
    worker.child.kill('SIGKILL');
    await worker.ended;
    worker = await reign.start('worker', env());
    await api.until(plan.id, ({ state }) => planEnded(state));
    const spans = await traceWith(sent.message, 'run step');
    const [root] = spansNamed(spans, 'receive message');
    const [after] = spansNamed(spans, 'run step');
    expect(after).toMatchObject({
      parentSpanId: root?.spanId,
      attributes: { 'reign.step.state': 'unclear' },
    });
    expect(after?.links).toEqual([
      { traceId: root?.traceId, spanId: spansNamed(spans, 'decide plan')[0]?.spanId },
    ]);
    const instances = new Set(spans.map(({ resource }) => resource['service.instance.id']));
    expect(instances.size).toBe(3);
  });
});
