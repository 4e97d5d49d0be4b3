import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createLogger, createTelemetry, tracesWanted } from './index.ts';
import { spanIdOf, traceIdOf } from './trace-ids.ts';

it('log lines say what they are about, and a field of their own wins', async () => {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const logger = createLogger('info', stream);
  const telemetry = createTelemetry();
  logger.info({}, 'outside');
  await telemetry.job({ queue: 'steps', queuedAt: new Date(), about: { step: 's-1' } }, async () => {
    logger.info({}, 'before the plan is known');
    telemetry.about({ plan: 'p-1' });
    await Promise.resolve();
    logger.warn({ plan: 'p-2' }, 'of another');
    logger.info({}, 'inside');
  });
  expect(lines.map(({ plan, step, msg }) => ({ plan, step, msg }))).toEqual([
    { plan: undefined, step: undefined, msg: 'outside' },
    { plan: undefined, step: 's-1', msg: 'before the plan is known' },
    { plan: 'p-2', step: 's-1', msg: 'of another' },
    { plan: 'p-1', step: 's-1', msg: 'inside' },
  ]);
});

it('a gauge that cannot be looked up is not there, and the others are', async () => {
  const telemetry = createTelemetry();
  let away = false;
  telemetry.onAsk(async () => {
    if (away) throw new Error('away');
    return [{ name: 'reign_queue_waiting', labels: { queue: 'steps' }, value: 3 }];
  });
  telemetry.onAsk(async () => [{ name: 'reign_outbox_waiting', labels: {}, value: 2 }]);
  expect((await telemetry.expose()).text).toContain('reign_queue_waiting{queue="steps"} 3');
  away = true;
  const { text } = await telemetry.expose();
  expect(text).not.toContain('reign_queue_waiting{');
  expect(text).toMatch(/^reign_outbox_waiting 2$/m);
});

it.each([
  [undefined, {}, false],
  ['http://c:4318', {}, true],
  [undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, true],
  [undefined, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:4318/x' }, true],
  ['http://c:4318', { OTEL_SDK_DISABLED: 'true' }, false],
  ['http://c:4318', { OTEL_TRACES_EXPORTER: 'none' }, false],
])('traces with the endpoint %s and %o: %s', (endpoint, env, wanted) => {
  expect(tracesWanted(endpoint, env)).toBe(wanted);
});

it('the ids of a trace are the same everywhere, and valid', () => {
  expect(traceIdOf('m-1')).toMatch(/^[0-9a-f]{32}$/);
  expect(spanIdOf('m-1', 'm-1')).toMatch(/^[0-9a-f]{16}$/);
  expect(traceIdOf('m-1')).toBe(traceIdOf('m-1'));
  expect(new Set([spanIdOf('m-1', 'm-1'), spanIdOf('m-1', 'd-1'), spanIdOf('m-2', 'm-2')]).size).toBe(3);
});
