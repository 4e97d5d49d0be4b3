import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Chart } from '../../src/domain/chart.ts';
import { canonicalJson } from '../../src/domain/json.ts';
import type { UndoContract } from '../../src/domain/operation.ts';
import { alerts } from '../../src/tools/monitoring/alerts.ts';
import { query } from '../../src/tools/monitoring/query.ts';
import { silence } from '../../src/tools/monitoring/silence.ts';
import {
  type MonitoringServers,
  missingForMonitoring,
  startMonitoring,
} from './support/monitoring-servers.ts';
import { type StepProxy, startProxy } from './support/proxy.ts';
import { carryOut, faultOf, hostOf, inputFor, type TestWriter, testWriter } from './support/writer.ts';

const missing = missingForMonitoring();
if (missing) console.warn(`NOT TESTED: queries, alerts and silences on a real Prometheus: ${missing}.`);

describe.skipIf(missing)('a real Prometheus and Alertmanager', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reign-monitoring-'));
  const connection = (kind: 'prometheus' | 'alertmanager') => {
    return { id: `${kind}:staging/main`, kind, environment: 'staging', name: 'main', demo: false };
  };
  const environments = [
    {
      name: 'staging',
      tier: 'nonproduction' as const,
      aliases: ['stg'],
      connections: [connection('prometheus'), connection('alertmanager')],
    },
  ];
  let servers: MonitoringServers;
  let proxy: StepProxy;
  let writer: TestWriter;

  beforeAll(async () => {
    servers = await startMonitoring();
    proxy = await startProxy(join(folder, 'broker.sock'), {
      [hostOf('prometheus:staging/main')]: { url: servers.prometheus },
      [hostOf('alertmanager:staging/main')]: { url: servers.alertmanager },
    });
  }, 60_000);
  beforeEach(() => {
    writer = testWriter(environments, proxy.socketPath);
  });
  afterAll(async () => {
    await proxy?.close();
    await servers?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a query shows the value now and the line of the last hour', async () => {
    const input = await inputFor(query, { query: '`vector(1)`' }, writer);
    const output = await query.execute(input, writer, { approved: undefined, idempotencyKey: 'k' });
    expect(output.series).toMatchObject([{ name: '', value: '1' }]);
    expect(output.series[0]?.past.map(([, value]) => value)).toEqual(Array.from({ length: 61 }, () => 1));
    const { chart } = query.render(output, input) as { chart?: Chart };
    expect(chart).toMatchObject({ kind: 'lines', title: 'vector(1)', series: [{ name: 'vector(1)' }] });
    expect(query.render(output, input)).toMatchObject({
      kind: 'table',
      rows: [[expect.any(String), '1', expect.stringMatching(/^[▁-█]+$/), '1 to 1']],
    });
    for (const [text, value] of [
      ['up', '1'],
      ['scalar(up) + 1', '2'],
      ['count(no_such_metric)', undefined],
    ] as const) {
      const asked = await inputFor(query, { query: text }, writer);
      const { series } = await query.execute(asked, writer, { approved: undefined, idempotencyKey: 'k' });
      expect(series[0]?.value).toBe(value);
    }
  });

  test('what is wrong with an expression is said in Prometheus’ own words', async () => {
    const input = await inputFor(query, { query: 'sum(' }, writer);
    const fault = await faultOf(query.execute(input, writer, { approved: undefined, idempotencyKey: 'k' }));
    expect(fault).toMatchObject({ code: 'bad-request', message: expect.stringContaining('parse error') });
  });

  test('alerts come from the Alertmanager, with what they are about', async () => {
    const input = await inputFor(alerts, { environment: 'stg' }, writer);
    const output = await alerts.execute(input, writer, { approved: undefined, idempotencyKey: 'k' });
    expect(output.alerts).toEqual([
      expect.objectContaining({
        name: 'AlwaysFires',
        severity: 'critical',
        about: 'It always fires.',
        silenced: false,
      }),
    ]);
    const other = { ...input, kind: 'prometheus' as const, connection: 'prometheus:staging/main' };
    const fromPrometheus = await alerts.execute(other, writer, { approved: undefined, idempotencyKey: 'k' });
    expect(fromPrometheus.alerts[0]).toMatchObject({ name: 'AlwaysFires' });
  });

  test('a silence is made once, is seen, and is ended by undo, once and twice', async () => {
    const request = { alert: 'alwaysfires', duration: '2h' };
    const input = await inputFor(silence, request, writer);
    expect(canonicalJson(await silence.preview(input, writer))).toBe(
      canonicalJson(await silence.preview(input, writer)),
    );
    expect(await silence.landed(input, writer, { approved: undefined, idempotencyKey: 'k' })).toBe('no');
    const done = await carryOut(silence, request, writer, 'k');
    expect(done.approved.raises).toEqual([{ level: 'high', reason: 'hides a critical alert' }]);
    expect(await silence.landed(done.input, writer, done.context)).toBe('yes');
    expect(await silence.verify(done.input, writer, done.context)).toMatchObject({ state: 'healthy' });
    const listed = await alerts.execute(await inputFor(alerts, {}, writer), writer, done.context);
    expect(listed.alerts[0]).toMatchObject({ silenced: true });
    const undo = silence.undo as UndoContract<unknown, unknown> & { kind: 'reversible' };
    for (let time = 0; time < 2; time += 1) {
      await undo.restore(done.input, done.undo, writer);
      expect(await undo.verifyRestored(done.input, done.undo, writer)).toMatchObject({ state: 'healthy' });
    }
    expect(await silence.verify(done.input, writer, done.context)).toMatchObject({ state: 'failed' });
  });

  test('an alert that does not fire is asked about, or said not to', async () => {
    expect(await silence.resolve({ alert: 'AlwaysFire', duration: '1h' }, writer)).toMatchObject({
      kind: 'question',
      question: { options: [{ patch: { alert: 'AlwaysFires' } }] },
    });
    expect(await silence.resolve({ alert: 'SomethingElse', duration: '1h' }, writer)).toMatchObject({
      kind: 'impossible',
    });
    expect(await silence.resolve({ alert: 'AlwaysFires' }, writer)).toMatchObject({
      kind: 'question',
      question: { field: 'duration' },
    });
    expect(await silence.resolve({ alert: 'AlwaysFires', duration: '1s' }, writer)).toMatchObject({
      kind: 'impossible',
    });
  });
});
