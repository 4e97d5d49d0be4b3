import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { announce } from '../../jobs/presence.ts';
import { goodYaml, load } from '../../src/config/fixtures.ts';
import type { DemoCluster } from '../../src/demo-cluster/index.ts';
import { silentLogger } from '../../src/domain/ports/runtime.ts';
import type { Check } from '../../src/main/doctor/check.ts';
import { clusterRights } from '../../src/main/doctor/cluster-rights.ts';
import { type Ask, checkConnections } from '../../src/main/doctor/connections.ts';
import { checkDatabase } from '../../src/main/doctor/database.ts';
import { closedToOthers, programs, room } from '../../src/main/doctor/machine.ts';
import { checkQueue } from '../../src/main/doctor/queue.ts';
import { checkReceiver } from '../../src/main/doctor/receiver.ts';
import { createCredentialSource } from '../../src/vault/credentials.ts';
import { loadSigningKey } from '../../src/vault/keys.ts';
import { createMasterKeys } from '../../src/vault/master-keys.ts';
import { createSealer } from '../../src/vault/seal.ts';
import { type Api, apiOf, startFast, temporaryFolder, token } from '../demo-cluster/support.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { startOtlpReceiver } from '../support/otlp-receiver.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { hasOpenssl, selfSigned } from '../support/self-signed.ts';

// What `reign doctor` says of each thing that was made wrong, and the line that mends it.

const folder = mkdtempSync(path.join(os.tmpdir(), 'reign-doctor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.useRealTimers());

/** What the checks said, by name; `FAIL ` before what is wrong. */
async function said(work: (check: Check) => Promise<void>): Promise<Record<string, string>> {
  const lines: Record<string, string> = {};
  await work(async (name, look) => {
    lines[name] = await Promise.resolve()
      .then(look)
      .catch((error: Error) => `FAIL ${error.message}`);
  });
  return lines;
}

describe('Postgres', () => {
  let database: TestDatabase;
  let dataDir: string;
  const key = randomBytes(32).toString('base64');

  beforeAll(async () => {
    database = await cloneDatabase();
    dataDir = path.join(folder, 'data');
    mkdirSync(dataDir);
    const { sign } = await loadSigningKey(path.join(dataDir, 'keys'));
    await sql(
      `insert into audit_checkpoints (id, at, previous, heads, hash, signature) values (1, '', '', '[]', 'h', $1)`,
      [sign('h')],
    );
    const about = { name: 'x', environment: '*', tool: '*', version: 1 };
    const sealed = await createSealer(createMasterKeys({ variable: key, file: '' })).seal('secret', about);
    await sql(
      `insert into secrets (name, environment, tool, version, sealed, set_by, set_at)
         values ('x', '*', '*', 1, $1, 'ada', now())`,
      [JSON.stringify(sealed)],
    );
  });
  afterAll(() => database.drop());

  async function sql(text: string, values: unknown[] = []): Promise<void> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(text, values).finally(() => client.end());
  }
  const withUrl = (change: (url: URL) => void) => {
    const url = new URL(database.url);
    change(url);
    return url.href;
  };
  const look = (
    url = database.url,
    { variable = key, file, more = {} }: { variable?: string; file?: string; more?: object } = {},
  ) => {
    const wrapper = createMasterKeys({ variable, file: file ?? '' });
    return said((check) => checkDatabase({ dataDir, ...more }, url, { wrapper, ownFile: file }, check));
  };

  it('that is as it should be has nothing wrong', async () => {
    const lines = await look();
    expect(Object.keys(lines)).toEqual([
      ...['postgres', 'clock', 'postgres roles', 'audit tables', 'master key', 'gateway key'],
    ]);
    expect(Object.values(lines).filter((line) => line.startsWith('FAIL'))).toEqual([]);
  });

  it('that is not there, is another, or refuses the login', async () => {
    expect((await look('postgres://u:p@127.0.0.1:9/x'))['postgres']).toMatch(
      /FAIL .*ECONNREFUSED.*DATABASE_URL/,
    );
    const other = withUrl((url) => {
      url.pathname = '/nowhere';
    });
    expect((await look(other))['postgres']).toMatch(/FAIL .*does not exist.*createdb/);
    const stranger = withUrl((url) => {
      url.password = 'wrong';
    });
    expect((await look(stranger))['postgres']).toMatch(/FAIL .*password.*DATABASE_URL/);
  });

  it('whose clock is another', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 90_000 });
    expect((await look())['clock']).toMatch(/FAIL .*(89|90|91) s ahead of .*set-ntp/);
  });

  it('where roles may do what they must not', async () => {
    await sql('grant insert on decisions to reign_worker; grant update on audit_events to reign_worker');
    const line = (await look())['audit tables'];
    await sql(
      'revoke insert on decisions from reign_worker; revoke update on audit_events from reign_worker',
    );
    expect(line).toMatch(/^FAIL .*insert on decisions by reign_worker/);
    expect(line).toContain('revoke update on audit_events from reign_worker;');
    expect((await look())['audit tables']).not.toContain('FAIL');
  });

  it('whose logins have too few rights, or all', async () => {
    const login = `doctor_${randomBytes(4).toString('hex')}`;
    await sql(`create role ${login} login password 'p'`);
    const own = withUrl((url) => {
      url.username = login;
      url.password = 'p';
    });
    try {
      const few = await look(database.url, { more: { workerDatabaseUrl: own } });
      expect(few['postgres roles']).toContain(`grant reign_worker to "${login}"`);
      await sql(`grant reign_worker to ${login}`);
      const right = await look(database.url, { more: { workerDatabaseUrl: own } });
      expect(right['postgres roles']).not.toContain('FAIL');
      const all = await look(database.url, { more: { workerDatabaseUrl: database.url } });
      expect(all['postgres roles']).toMatch(/FAIL .*worker.database.url is a superuser/);
    } finally {
      await sql(`drop role ${login}`);
    }
  });

  it('that another master key has sealed, or one that is gone', async () => {
    const other = await look(database.url, { variable: randomBytes(32).toString('base64') });
    expect(other['master key']).toMatch(/FAIL .*is not here.*same master key/);
    const file = path.join(folder, 'none', 'master.key');
    const gone = await look(database.url, { file });
    expect(gone['master key']).toMatch(/FAIL .*master.key is missing.*backup/);
    expect(() => readFileSync(file)).toThrow();
  });

  it('whose checkpoints another gateway signed', async () => {
    const file = path.join(dataDir, 'keys', 'gateway.pub');
    const before = readFileSync(file);
    const { publicKey } = generateKeyPairSync('ed25519');
    writeFileSync(file, publicKey.export({ type: 'spki', format: 'pem' }));
    const lines = await look();
    writeFileSync(file, before);
    expect(lines['gateway key']).toMatch(/FAIL .*refuses every approval.*Copy gateway.pub/);
  });
});

describe('Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  const own = { version: '1', policy: 'p', gatewayKey: 'g' };
  const look = (url = redis.url, here: Parameters<typeof checkQueue>[1] = own) =>
    said((check) => checkQueue({ url }, here, check));
  const port = () => new URL(redis.url).port;

  it('that is as it should be has nothing wrong', async () => {
    expect(await look()).toEqual({ redis: `127.0.0.1:${port()}`, processes: 'none runs' });
  });

  it('that is not there, speaks no TLS, or wants another password', async () => {
    expect((await look('redis://127.0.0.1:9'))['redis']).toMatch(/FAIL .*ECONNREFUSED.*REDIS_URL/);
    expect((await look(`rediss://127.0.0.1:${port()}`))['redis']).toMatch(/FAIL .*no TLS.*redis:\/\//);
    expect((await look(`redis://x:wrong@127.0.0.1:${port()}`))['redis']).toMatch(
      /FAIL .*WRONGPASS.*REDIS_URL/,
    );
  });

  it.skipIf(!hasOpenssl)('whose certificate is not trusted', async () => {
    const { key, certificate } = selfSigned(folder, { subject: '/CN=localhost' });
    const server = createTlsServer({ key, cert: certificate });
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const lines = await look(`rediss://127.0.0.1:${port}`);
    server.close();
    expect(lines['redis']).toMatch(/FAIL .*self.signed.*NODE_EXTRA_CA_CERTS/);
  });

  it('with processes that have another key, policy or version than the files here', async () => {
    const about = { role: 'worker', host: 'h', pid: 1, version: '1', policy: 'p', gatewayKey: 'other' };
    const there = announce({ url: redis.url }, about, silentLogger);
    await vi.waitFor(async () => expect((await look())['processes']).not.toBe('none runs'), 20_000);
    expect((await look())['processes']).toMatch(/FAIL .*gateway’s key other.*keys\/gateway.pub: copy it/);
    const same = { ...own, gatewayKey: 'other' };
    expect((await look(redis.url, same))['processes']).toBe('worker on h (1)');
    expect((await look(redis.url, { ...same, policy: 'q' }))['processes']).toMatch(
      /FAIL .*same policy files/,
    );
    expect((await look(redis.url, { ...same, version: '2' }))['processes']).toMatch(/FAIL .*same version/);
    await there.stop();
    expect((await look())['processes']).toBe('none runs');
  });
});

describe('a connection', () => {
  const { folder: below, remove } = temporaryFolder();
  let cluster: DemoCluster;
  let admin: Api;
  beforeAll(async () => {
    cluster = await startFast(path.join(below, 'staging'));
    admin = apiOf(cluster.url);
  });
  afterAll(async () => {
    await cluster.close();
    remove();
  });

  const id = 'kubernetes:staging/main';
  const environments = [{ name: 'staging', writes: true }] as never;
  const look = async (bearer: string, url = cluster.url) => {
    const reference = { kind: 'token' as const, url, token: bearer };
    const credentials = createCredentialSource(new Map([[id, reference]]));
    return (await said((check) => checkConnections([id], environments, credentials, check)))[id];
  };
  const account = async (name: string) => {
    await admin('POST', '/api/v1/namespaces/shop/serviceaccounts', { metadata: { name } });
    const asked = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const { body } = await admin('POST', `/api/v1/namespaces/shop/serviceaccounts/${name}/token`, asked);
    return (body.status as unknown as { token: string }).token;
  };

  it('to a cluster is tried for what it grants', async () => {
    expect(await look(token)).toMatch(/grants what is needed/);
    expect(await look('expired')).toMatch(/FAIL .*refuses the credential \(401\).*expired.*credential set/);
    expect(await look(await account('nothing'))).toMatch(/FAIL .*may not list pods.*clusterrolebinding/);
    expect(await look(token, 'http://127.0.0.1:9')).toMatch(/FAIL .*cannot be reached.*kubeconfig/);
  });

  it('to a cluster may look only, or work in some namespaces only (answers written by hand: the demo cluster knows all or nothing)', async () => {
    const granting =
      (may: (verb: string) => boolean): Ask =>
      async (_method, _path, body) => {
        const { verb } = (body as { spec: { resourceAttributes: { verb: string } } }).spec.resourceAttributes;
        return { status: 201, text: JSON.stringify({ status: { allowed: may(verb) } }) };
      };
    const looker = granting((verb) => verb !== 'patch');
    await expect(clusterRights(looker, true)).rejects.toThrow(/may look, and may not patch.*writes: false/);
    await expect(clusterRights(looker, false)).resolves.toBe('grants what is needed');
    const some = granting((verb) => verb === 'get');
    await expect(clusterRights(some, true)).resolves.toMatch(/not in all namespaces: list pods/);
  });

  it('to a server that refuses its token, or is broken', async () => {
    const server = createServer((request, response) => {
      const right = request.headers.authorization === 'Bearer right';
      response.writeHead(right ? 200 : 401).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { RIGHT: 'right', WRONG: 'wrong' };
    process.env['RIGHT'] = env.RIGHT;
    process.env['WRONG'] = env.WRONG;
    const references = new Map(
      ['right', 'wrong'].map((name) => [
        `prometheus:staging/${name}`,
        { kind: 'server' as const, url, token: `env:${name.toUpperCase()}` },
      ]),
    );
    const credentials = createCredentialSource(references);
    const lines = await said((check) =>
      checkConnections(references.keys(), environments, credentials, check),
    );
    server.close();
    expect(lines['prometheus:staging/right']).toMatch(/answers$/);
    expect(lines['prometheus:staging/wrong']).toMatch(/FAIL .*refuses the credential \(401\)/);
  });
});

describe('this machine', () => {
  it('without room, with keys that others can read, without a program that a tool needs', async () => {
    await expect(room(folder)).resolves.toContain('MB free');
    await expect(room(folder, 10 ** 9)).rejects.toThrow(/MB are free.*Make room/);
    const keys = path.join(folder, 'keys');
    mkdirSync(keys, { mode: 0o700 });
    writeFileSync(path.join(keys, 'master.key'), '', { mode: 0o600 });
    expect(closedToOthers(keys)).toContain('closed');
    chmodSync(path.join(keys, 'master.key'), 0o644);
    expect(() => closedToOthers(keys)).toThrow(`chmod -R go= ${keys}`);
    const wanted = { anyOf: ['no-such-program'], for: 'the tool x', mend: 'Install x.' };
    expect(() => programs([wanted])).toThrow(/no-such-program is not in .*the tool x needs it. Install x/);
  });
});

describe('the receiver of traces', () => {
  const look = async (endpoint: string | undefined, env = {}) => {
    const config = load(goodYaml);
    const telemetry = { ...config.telemetry, ...(endpoint === undefined ? {} : { endpoint }) };
    return (await said((check) => checkReceiver({ ...config, telemetry }, env, check)))['traces'];
  };

  it('takes spans, is away, is something else, or refuses us', async () => {
    const receiver = await startOtlpReceiver();
    expect(await look(receiver.url)).toMatch(/takes spans/);
    expect(await look(undefined)).toBeUndefined();
    const headers = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b' };
    expect(await look(undefined, headers)).toMatch(/takes spans/);
    expect(receiver.requests.at(-1)?.headers['x-key']).toBe('a b');
    await receiver.stop();
    expect(await look('http://127.0.0.1:9')).toMatch(/FAIL .*does not answer.*telemetry.traces.endpoint/);
    let status = 404;
    const server = createServer((_request, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await look(url)).toMatch(/FAIL .*answers 404.*4318/);
    status = 401;
    expect(await look(url)).toMatch(/FAIL .*refuses us.*OTEL_EXPORTER_OTLP_HEADERS/);
    server.close();
  });
});
