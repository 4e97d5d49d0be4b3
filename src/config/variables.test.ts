import { expect, test } from 'vitest';
import { goodYaml, load, problemsIn } from './fixtures.ts';

test('variables named after the path win over the file, and the command line over both', () => {
  const env = {
    REIGN_SERVER_PORT: '9000',
    REIGN_SERVER_HOST: '127.0.0.9',
    REIGN_APPROVALS_EXPIRE_AFTER: '2d',
    REIGN_HTTP_ALLOW: '10.0.0.0/8, intranet',
    REIGN_POLICY_BREAK_GLASS: '["kubernetes.rollback"]',
    REIGN_ENVIRONMENTS_STAGING_TIER: 'production',
    REIGN_ENVIRONMENTS_STAGING_WRITES: 'false',
    REIGN_GATEWAY_DATABASE_URL: 'postgres://g@db/reign',
    REIGN_WORKER_DATABASE_URL: 'postgres://w@db/reign',
    REIGN_AUDIT_ANCHOR_FILE: '/anchor',
    REIGN_LLM_MODEL: '7',
    REIGN_ROLE: 'gateway',
    REIGN_DATA_DIR: '/data',
  };
  const yaml = `${goodYaml}server: { port: 1 }\n`;
  expect(load(yaml, { env })).toMatchObject({
    server: { host: '127.0.0.9', port: 9000 },
    approvals: { expireAfterSeconds: 172_800 },
    httpAllow: ['10.0.0.0/8', 'intranet'],
    policy: { breakGlass: ['kubernetes.rollback'] },
    environments: [{ name: 'staging', tier: 'production', writes: false, aliases: ['stg'] }, {}],
    gatewayDatabaseUrl: 'postgres://g@db/reign',
    workerDatabaseUrl: 'postgres://w@db/reign',
    audit: { anchorFile: '/anchor' },
    llm: { model: '7' },
    role: 'gateway',
    dataDir: '/data',
  });
  const config = load(yaml, { env, port: 5, role: 'worker', dataDir: '/other' });
  expect(config).toMatchObject({ server: { host: '127.0.0.9', port: 5 }, role: 'worker', dataDir: '/other' });
});

test('the usual names are read too, and the longer ones win', () => {
  const env = { DATABASE_URL: 'postgres://a@db/x', REDIS_URL: 'redis://cache', PORT: '8000' };
  expect(load(undefined, { env })).toMatchObject({
    mode: 'demo',
    databaseUrl: 'postgres://a@db/x',
    redis: { url: 'redis://cache' },
    server: { port: 8000 },
  });
  expect(load(undefined, { env: { ...env, REIGN_DATABASE_URL: 'postgres://b@db/x' } })).toMatchObject({
    databaseUrl: 'postgres://b@db/x',
  });
  expect(load(undefined, { env: { DATABASE_URL: '' } }).databaseUrl).toBeUndefined();
});

test('people and environments may come from variables alone, and then there is no demo', () => {
  const config = load(undefined, {
    env: {
      REIGN_PEOPLE: '[{ name: alice, roles: [lead] }]',
      REIGN_ENVIRONMENTS: '{"production": {"tier": "production", "clusters": {"main": {"context": "prod"}}}}',
    },
  });
  expect(config).toMatchObject({
    mode: 'configured',
    people: [{ name: 'alice' }],
    environments: [{ name: 'production' }],
  });
  expect(config.file).toBeUndefined();
});

test('what is wrong with a variable is told under its name', () => {
  expect(
    problemsIn(goodYaml, {
      env: {
        PORT: 'http',
        REIGN_ENVIRONMENTS_STAGING_TIER: 'prd',
        REIGN_ENVIRONMENTS_PRODUCTION_CLUSTERS: '{ main: ',
      },
    }),
  ).toEqual([
    expect.stringMatching(/^REIGN_ENVIRONMENTS_PRODUCTION_CLUSTERS: flow map/),
    'REIGN_ENVIRONMENTS_STAGING_TIER: environments.staging.tier: expected "production" or "nonproduction", got "prd"',
    'PORT: server.port: expected a number, got "http"',
  ]);
  expect(problemsIn(undefined, { env: { REIGN_PEOPLE: '[]' } })).toEqual([
    'REIGN_PEOPLE: people: list at least one person',
    'REIGN_ENVIRONMENTS: environments: is missing: expected a mapping',
  ]);
  expect(problemsIn(goodYaml, { port: 70_000 })).toEqual([
    '--port: server.port: expected at most 65535, got 70000',
  ]);
  expect(problemsIn(goodYaml, { env: { REIGN_ROLE: 'king' } })).toEqual([
    'REIGN_ROLE: expected "all", "gateway" or "worker", got "king"',
  ]);
});

test('a variable that is nearly a known one is warned about, and others are left alone', () => {
  const { warnings } = load(goodYaml, { env: { REIGN_SERVR_PORT: '1', REIGN_CRASH_RUNS: '500' } });
  expect(warnings).toEqual([
    'REIGN_SERVR_PORT is set, which Reign does not know. Did you mean REIGN_SERVER_PORT?',
  ]);
});
