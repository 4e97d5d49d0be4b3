import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './reign.ts';

export const alertmanagerThere = spawnSync('which', ['prometheus-alertmanager']).status === 0;
if (!alertmanagerThere) console.warn('NOT TESTED: the webhook of a real Alertmanager: it is not installed.');

/** A real Alertmanager that tells a webhook at once. */
export async function startAlertmanager(webhook: { url: string; token: string }) {
  const folder = mkdtempSync(join(tmpdir(), 'reign-alertmanager-'));
  const http = `http_config: { authorization: { credentials: ${webhook.token} } }`;
  writeFileSync(
    join(folder, 'alertmanager.yml'),
    `route: { receiver: reign, group_wait: 0s, group_interval: 1s }
receivers: [{ name: reign, webhook_configs: [{ url: "${webhook.url}", ${http} }] }]
`,
  );
  const port = await freePort();
  const server = spawn('prometheus-alertmanager', [
    ...[`--config.file=${folder}/alertmanager.yml`, `--storage.path=${folder}/data`],
    ...[`--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='],
  ]);
  const url = `http://127.0.0.1:${port}`;
  const ready = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until(ready, 15_000, () => 'the Alertmanager did not come up');
  return {
    async fire(labels: Record<string, string>): Promise<void> {
      const body = JSON.stringify([{ labels, annotations: { summary: 'It fires.' } }]);
      const headers = { 'content-type': 'application/json' };
      await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body });
    },
    async stop(): Promise<void> {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
