import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export type MonitoringServers = { prometheus: string; alertmanager: string; close(): Promise<void> };

/** Why no monitoring can be started here, or undefined. */
export function missingForMonitoring(): string | undefined {
  for (const command of ['prometheus', 'prometheus-alertmanager'])
    if (spawnSync('which', [command]).status !== 0) return `${command} is not installed`;
  return undefined;
}

/** A real Prometheus, which watches itself and an alert that always fires, and a real Alertmanager that it tells. */
export async function startMonitoring(): Promise<MonitoringServers> {
  const folder = mkdtempSync(join(tmpdir(), 'reign-monitoring-'));
  const [own, other] = [await freePort(), await freePort()];
  writeFileSync(join(folder, 'rules.yml'), rules);
  writeFileSync(join(folder, 'prometheus.yml'), configOf(own, other));
  writeFileSync(join(folder, 'alertmanager.yml'), 'route: { receiver: none }\nreceivers: [{ name: none }]\n');
  const started = [
    spawn('prometheus', [
      ...[`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`],
      // The first notification is lost: the Alertmanager is discovered some seconds later.
      ...[`--web.listen-address=127.0.0.1:${own}`, '--rules.alert.resend-delay=1s'],
    ]),
    spawn('prometheus-alertmanager', [
      ...[`--config.file=${folder}/alertmanager.yml`, `--storage.path=${folder}/alerts`],
      ...[`--web.listen-address=127.0.0.1:${other}`, '--cluster.listen-address='],
    ]),
  ];
  const servers = {
    prometheus: `http://127.0.0.1:${own}`,
    alertmanager: `http://127.0.0.1:${other}`,
    close: async () => {
      await Promise.all(started.map(stop));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await untilFiring(servers).catch(async (error: unknown) => {
    await servers.close();
    throw error;
  });
  return servers;
}

const rules = `groups:
  - name: test
    interval: 1s
    rules:
      - alert: AlwaysFires
        expr: vector(1)
        labels: { severity: critical }
        annotations: { summary: It always fires. }
`;

function configOf(own: number, alertmanager: number): string {
  return `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
alerting: { alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:${alertmanager}'] }] }] }
scrape_configs: [{ job_name: self, static_configs: [{ targets: ['127.0.0.1:${own}'] }] }]
`;
}

async function untilFiring({ prometheus, alertmanager }: MonitoringServers): Promise<void> {
  const seen = async (url: string, needle: string) => {
    const text = await fetch(url).then(
      (answer) => answer.text(),
      () => '',
    );
    return text.includes(needle);
  };
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const ready =
      (await seen(`${alertmanager}/api/v2/alerts`, 'AlwaysFires')) &&
      (await seen(`${prometheus}/api/v1/query?query=up`, '"1"'));
    if (ready) return;
    await delay(200);
  }
  throw new Error('The monitoring did not come up within 30 s.');
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
