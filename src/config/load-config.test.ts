import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FaultError } from '../domain/fault.ts';
import { folderWith, goodYaml, load, problemsIn } from './fixtures.ts';
import { loadConfig } from './load-config.ts';

const llmDefaults = {
  model: 'claude-sonnet-5-5',
  maxTokens: 8000,
  budget: { looks: 24, tokens: 300_000, seconds: 180, usd: 1 },
  daily: { person: 10, all: 100 },
  hosts: [],
};

test('a complete file becomes a config with its defaults', () => {
  const cwd = folderWith(goodYaml);
  const config = loadConfig({ cwd, env: {} });
  expect(config).toEqual({
    mode: 'configured',
    role: 'all',
    file: join(cwd, 'reign.yaml'),
    dataDir: join(cwd, '.reign'),
    migrations: 'start',
    people: [
      {
        name: 'alice',
        roles: [{ role: 'operator' }],
        principals: [
          { platform: 'local', team: 'local', user: 'alice' },
          { platform: 'slack', team: 'T01TEST', user: 'U01ALICE' },
          { platform: 'teams', team: 'tenant-1', user: 'object-1' },
        ],
      },
      {
        name: 'bob',
        roles: [
          { role: 'lead' },
          { role: 'admin', scope: 'staging' },
          { role: 'operator', scope: 'production/shop' },
        ],
        principals: [{ platform: 'local', team: 'local', user: 'bob' }],
      },
    ],
    environments: [
      {
        name: 'staging',
        tier: 'nonproduction',
        aliases: ['stg'],
        writes: true,
        clusters: [
          { name: 'main', demo: false, context: 'staging' },
          { name: 'spare', demo: true },
        ],
        docker: [
          { name: 'box', mounts: [], socket: '/var/run/docker.sock' },
          { name: 'far', mounts: ['/srv/uploads:ro'], host: 'tcp://10.0.0.1:2375' },
        ],
        services: [],
        hosts: [],
        shell: [],
      },
      {
        name: 'production',
        tier: 'production',
        aliases: ['prod', 'live'],
        writes: true,
        clusters: [{ name: 'main', demo: false, context: 'prod', kubeconfig: join(cwd, 'kube.yaml') }],
        docker: [],
        services: [],
        hosts: [],
        shell: [],
      },
    ],
    server: { host: '127.0.0.1', port: 7373 },
    plugins: [],
    mcp: [],
    policy: { files: ['default'], breakGlass: [] },
    httpAllow: [],
    workers: { concurrency: 10 },
    sandbox: { backend: 'auto' },
    approvals: { expireAfterSeconds: 14_400, onCall: [] },
    audit: {},
    retention: {},
    groups: [],
    alerts: { rules: [] },
    llm: llmDefaults,
    runbookFolders: [],
    telemetry: { logs: 'file', metrics: { host: '127.0.0.1' } },
    vault: { servers: [], folders: [], formerMasterKeys: [] },
    chat: { allowExternal: false, remindAfterSeconds: 1800, escalate: [] },
    ignoredInDemo: [],
    warnings: [],
  });
});

test('every further setting is read, with paths relative to the file', () => {
  const cwd = folderWith();
  const file = join(cwd, 'other.yaml');
  writeFileSync(
    file,
    `${goodYaml}
policy: { files: [default, rules/mine.cedar], breakGlass: [kubernetes.rollback] }
server: { host: 0.0.0.0, port: 8080, publicUrl: "https://reign.example/" }
oidc: { issuer: "https://login.example", clientId: reign }
database: { url: "postgres://reign@db/reign" }
gateway: { database: { url: "postgresql://gateway@db/reign" } }
worker: { database: { url: "postgres://worker@db/reign" } }
redis: { url: "rediss://cache" }
http: { allow: [10.0.0.0/8] }
workers: { concurrency: 3 }
approvals: { expireAfter: 90m }
audit: { anchor: { file: ~/anchor.jsonl } }
retention: { payloads: 90d, chat: 1d }
llm: { provider: anthropic, model: some-model, budget: { looks: 3 } }
`,
  );
  const config = loadConfig({
    cwd: '/',
    file,
    env: { HOME: '/home/reign' },
    role: 'worker',
    dataDir: 'data',
  });
  expect(config).toMatchObject({
    file,
    role: 'worker',
    dataDir: '/data',
    policy: { files: ['default', join(cwd, 'rules/mine.cedar')], breakGlass: ['kubernetes.rollback'] },
    server: { host: '0.0.0.0', port: 8080, publicUrl: 'https://reign.example' },
    oidc: { issuer: 'https://login.example', clientId: 'reign', scopes: ['openid'] },
    databaseUrl: 'postgres://reign@db/reign',
    gatewayDatabaseUrl: 'postgresql://gateway@db/reign',
    workerDatabaseUrl: 'postgres://worker@db/reign',
    redis: { url: 'rediss://cache', tls: {} },
    httpAllow: ['10.0.0.0/8'],
    workers: { concurrency: 3 },
    approvals: { expireAfterSeconds: 5400, onCall: [] },
    audit: { anchorFile: '/home/reign/anchor.jsonl' },
    retention: { payloadSeconds: 90 * 86_400, chatSeconds: 86_400 },
    llm: {
      ...llmDefaults,
      provider: 'anthropic',
      model: 'some-model',
      budget: { ...llmDefaults.budget, looks: 3 },
    },
  });
});

test('the config is frozen all through, and its secrets are not printed or copied', () => {
  const config = load(goodYaml, {
    env: { SLACK_BOT_TOKEN: 'xoxb-1', ANTHROPIC_API_KEY: 'key-1', SLACK_APP_TOKEN: '' },
  });
  expect(() => {
    (config.environments[0]!.aliases as string[]).push('x');
  }).toThrow(TypeError);
  expect(() => {
    (config.server as { port: number }).port = 1;
  }).toThrow(TypeError);
  expect(config.secrets).toEqual({ SLACK_BOT_TOKEN: 'xoxb-1', ANTHROPIC_API_KEY: 'key-1' });
  expect(JSON.stringify({ ...config })).not.toMatch(/xoxb-1|key-1/);
});

test('without a file there is the demo, which leaves real credentials unread', () => {
  const config = load(undefined, {
    env: {
      KUBECONFIG: '/k',
      ANTHROPIC_API_KEY: 'key-1',
      SLACK_BOT_TOKEN: 'xoxb-1',
      REIGN_ENVIRONMENTS_STAGING_CLUSTERS_MAIN_CONTEXT: 'real',
    },
    port: 0,
  });
  expect(config.mode).toBe('demo');
  expect(config.people.map(({ name, roles }) => [name, roles[0]?.role])).toEqual([
    ['you', 'operator'],
    ['bob', 'lead'],
    ['carol', 'lead'],
  ]);
  expect(config.environments).toMatchObject([
    {
      name: 'staging',
      tier: 'nonproduction',
      aliases: ['stg', 'stage'],
      clusters: [{ name: 'main', demo: true }],
      docker: [],
    },
    {
      name: 'production',
      tier: 'production',
      aliases: ['prod', 'live'],
      clusters: [{ name: 'main', demo: true }],
      docker: [],
    },
  ]);
  expect(JSON.stringify(config.environments)).not.toContain('real');
  expect(config.secrets).toEqual({});
  expect(config.ignoredInDemo).toEqual(['ANTHROPIC_API_KEY', 'SLACK_BOT_TOKEN', 'KUBECONFIG']);
  expect(config.server.port).toBe(0);
});

test('the demo is refused beyond loopback', () => {
  expect(problemsIn(undefined, { env: { REIGN_SERVER_HOST: '0.0.0.0' } })).toEqual([
    expect.stringContaining('REIGN_SERVER_HOST: without a reign.yaml Reign runs its demo'),
  ]);
  for (const host of ['localhost', '127.0.0.2', '::1']) {
    expect(load(undefined, { env: { REIGN_SERVER_HOST: host } }).server.host).toBe(host);
  }
});

test('a file that is named must be there', () => {
  const missing = () => load(undefined, { file: 'no.yaml' });
  expect(missing).toThrow(FaultError);
  expect(missing).toThrow('The configuration file no.yaml does not exist.');
  expect(() => load(undefined, { env: { REIGN_CONFIG: 'gone.yaml' } })).toThrow('gone.yaml does not exist');
});
