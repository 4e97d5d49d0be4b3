import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricTable } from '../../src/domain/metrics.ts';
import { planEnded } from '../../src/domain/plan.ts';
import { createReign, type TestReign, until } from '../support/reign.ts';

// What a Reign that did some work says of itself, as a real Prometheus reads it with the rules and the dashboard.

const root = path.resolve(import.meta.dirname, '../..');
const rules = path.join(root, 'helm/reign/files/rules.yaml');
const there = (program: string) => spawnSync('which', [program]).status === 0;
const missing = ['prometheus', 'promtool'].filter((program) => !there(program));
if (missing.length > 0)
  console.warn(`NOT TESTED: metrics as Prometheus reads them: no ${missing.join(', ')}.`);

describe.skipIf(missing.length > 0)('promtool', () => {
  it('takes the rules, and each fires on what it is for and on nothing else', () => {
    expect(execFileSync('promtool', ['check', 'rules', rules]).toString()).toContain('SUCCESS');
    const tests = path.join(root, 'tests/telemetry/rules.test.yaml');
    expect(execFileSync('promtool', ['test', 'rules', tests]).toString()).toContain('SUCCESS');
  });
});

/** Nothing in this test posts to a chat or asks a model. */
const unused = /reign_(chat|llm)_/;

describe.skipIf(missing.length > 0)('a Reign that did some work', () => {
  let reign: TestReign;
  let prometheus: { url: string; stop(): Promise<void> };
  let gatewayText: string;
  let workerText: string;

  beforeAll(async () => {
    reign = await createReign();
    const gateway = await reign.start('gateway');
    const worker = await reign.start('worker', { REIGN_TELEMETRY_METRICS_PORT: '0' });
    expect(gateway.output()).not.toContain('Metrics are at');
    const own = /Metrics are at (\S+)/.exec(worker.output())?.[1] ?? '';
    const { url } = JSON.parse(readFileSync(path.join(reign.dataDir, 'run.json'), 'utf8')) as { url: string };
    const api = reign.api();
    for (const text of ['list deployments in shop in staging', 'restart cart in production']) {
      const sent = await api.ask(text);
      const body = await api.reply(sent);
      if (body.kind !== 'plan') continue;
      const who = reign.api('bob');
      if (body.plan.state === 'waiting-for-approval') await who.decide(body.plan);
      await api.until(body.plan.id, ({ state }) => planEnded(state));
    }
    prometheus = await startPrometheus([new URL(url).host, new URL(own).host]);
    gatewayText = await (await fetch(`${url}/metrics`)).text();
    workerText = await (await fetch(own)).text();
  }, 120_000);
  afterAll(async () => {
    await prometheus?.stop();
    await reign?.stop();
  });

  const query = async (expr: string) => {
    const response = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(expr)}`);
    const { status, data, error } = (await response.json()) as {
      status: string;
      error?: string;
      data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    if (status !== 'success') throw new Error(`${expr}: ${error}`);
    return data?.result ?? [];
  };

  it('has every metric of the table, each with the labels that it is said to have', () => {
    for (const text of [gatewayText, workerText])
      for (const [name, { kind }] of Object.entries(metricTable))
        expect(text, name).toContain(`# TYPE ${name} ${kind}\n`);
    expect(gatewayText).toMatch(/^reign_messages_total\{platform="api"\} 2$/m);
    expect(gatewayText).toMatch(/^reign_approval_seconds_count\{via="command"\} 1$/m);
    expect(gatewayText).toMatch(/^reign_queue_oldest_seconds\{queue="steps"\} \d/m);
    expect(gatewayText).toMatch(
      /^reign_build_info\{version="[\d.]+",role="gateway",node="v\d.*policy="\w{12}"\} 1$/m,
    );
    expect(workerText).toMatch(
      /^reign_step_duration_seconds_count\{operation="kubernetes.restart",outcome="succeeded"\} 1$/m,
    );
    expect(workerText).toMatch(/^reign_plans_total\{outcome="succeeded"\} 2$/m);
    expect(workerText).toMatch(/^reign_broker_requests_total\{kind="kubernetes"\} [1-9]/m);
    expect(workerText).toMatch(/^reign_dependency_up\{dependency="redis"\} 1$/m);
    // What waits is the same from everywhere: only gateways count it.
    expect(workerText).not.toMatch(/^reign_queue_waiting\{/m);
  });

  it('names no plan, person or target', () => {
    for (const text of [gatewayText, workerText])
      for (const word of ['cart', 'shop', 'production', 'bob', '="p-', '="s-'])
        expect(text).not.toContain(word);
  });

  it('answers every panel of the dashboard', async () => {
    const dashboard = JSON.parse(
      readFileSync(path.join(root, 'helm/reign/files/dashboard.json'), 'utf8'),
    ) as {
      panels: { title: string; targets?: { expr: string }[] }[];
    };
    await until(
      async () => Number((await query('min(count_over_time(up{job="reign"}[1m]))'))[0]?.value[1]) >= 4,
      15_000,
      () => 'Prometheus does not see both processes',
    );
    const all = dashboard.panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ title, expr })),
    );
    const empty: string[] = [];
    for (const { title, expr } of all) {
      const found = await query(expr.replaceAll('$__rate_interval', '1m'));
      if (found.length === 0 && !unused.test(expr)) empty.push(`${title}: ${expr}`);
    }
    expect(empty).toEqual([]);
  });

  it('sets off no alert', async () => {
    const { data } = (await (await fetch(`${prometheus.url}/api/v1/rules`)).json()) as {
      data: { groups: { rules: { name: string; health: string; state: string }[] }[] };
    };
    const loaded = data.groups.flatMap((group) => group.rules);
    expect(loaded.length).toBeGreaterThan(15);
    expect(loaded.filter(({ health }) => health === 'err')).toEqual([]);
    expect(loaded.filter(({ state }) => state === 'firing')).toEqual([]);
  });
});

/** A real Prometheus that reads the given processes every second, and the rules. */
async function startPrometheus(targets: string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'reign-prometheus-'));
  const listed = targets.map((target) => `'${target}'`).join(', ');
  writeFileSync(
    path.join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: ['${rules}']
scrape_configs: [{ job_name: reign, static_configs: [{ targets: [${listed}] }] }]
`,
  );
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server: ChildProcess = spawn('prometheus', [
    ...[`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`],
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  let log = '';
  server.stderr?.on('data', (data: Buffer) => {
    log += data.toString();
  });
  const ready = () => fetch(`${url}/-/ready`).then(({ ok }) => ok);
  await until(ready, 20_000, () => `Prometheus did not come up: ${log.slice(-2000)}`);
  return {
    url,
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
