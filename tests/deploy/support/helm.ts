import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';

export const chart = path.resolve(import.meta.dirname, '../../../helm/reign');

/** The least that the chart wants. */
export const least = {
  image: { repository: 'registry.demo/reign', tag: '1' },
  config: {
    people: [{ name: 'alice', roles: ['operator'] }],
    environments: { staging: { tier: 'nonproduction', clusters: { main: { demo: true } } } },
  },
};

/** Everything that can be switched on, where it does not exclude something else. */
export const everything = {
  ...least,
  config: { ...least.config, oidc: { issuer: 'https://id.example', clientId: 'reign' } },
  image: {
    repository: 'registry.demo/reign',
    digest: `sha256:${'a'.repeat(64)}`,
    pullSecrets: [{ name: 'pull' }],
  },
  files: { 'own.cedar': 'permit (principal, action, resource);\n' },
  secrets: {
    databaseCa: { name: 'database-ca' },
    redisCa: { name: 'redis-ca' },
    kubeconfig: { name: 'clusters' },
    gatewayVariables: ['reign-chat'],
    workerVariables: ['reign-tokens'],
  },
  clusterAccess: { rights: 'write', namespaces: ['shop', 'cart'] },
  gateway: {
    ...{
      replicas: 1,
      anchorClaim: 'anchor',
      env: { HTTPS_PROXY: 'http://proxy:3128' },
      podAnnotations: { a: 'b' },
    },
    ...{ nodeSelector: { disk: 'ssd' }, tolerations: [{ key: 'x', operator: 'Exists' }] },
  },
  worker: { keda: { enabled: true } },
  ingress: {
    ...{ enabled: true, className: 'nginx', host: 'reign.example', tlsSecret: 'reign-tls' },
    ...{ slack: true, teams: true, alerts: true, annotations: { a: 'b' } },
  },
  networkPolicy: {
    gatewayFrom: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } } }],
    metricsFrom: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
  },
  monitoring: {
    serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
    ...{ rules: { enabled: true }, dashboard: { enabled: true } },
  },
};

// biome-ignore lint/suspicious/noExplicitAny: objects of every kind
export type Rendered = any;

/** Why the chart cannot be tried here, or undefined. */
export function missingForChart(): string | undefined {
  for (const command of ['helm', 'kubectl']) {
    try {
      execFileSync('which', [command], { stdio: 'ignore' });
    } catch {
      return `${command} is not installed`;
    }
  }
  return undefined;
}

/** What the chart makes of values. Throws what helm says. */
export async function render(values: object, release = 'reign'): Promise<Rendered[]> {
  const text = await run(
    'helm',
    ['template', release, chart, '--namespace', 'ops', '--values', '-'],
    {},
    values,
  );
  return parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter((object) => object !== null);
}

/** Runs a command with values on standard input. @returns what it printed; throws with what it complained of. */
export function run(command: string, args: string[], env: object = {}, values?: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, ...env }, timeout: 60_000, maxBuffer: 1 << 26 };
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${stderr}${stdout}`));
    });
    child.stdin?.end(values === undefined ? undefined : JSON.stringify(values));
  });
}
