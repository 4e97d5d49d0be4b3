import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fault } from '../../src/domain/fault.ts';
import { silentLogger } from '../../src/domain/ports/runtime.ts';
import type { Grant, Sandbox, StepPhase, StepReply, StepSession } from '../../src/domain/ports/sandbox.ts';
import { stepCode } from '../../src/main/package-root.ts';
import { nodeArguments } from '../../src/sandbox/bubblewrap/layout.ts';
import { createSandbox } from '../../src/sandbox/index.ts';
import { createTerraformStates } from '../../src/store/terraform-states.ts';
import { apply } from '../../src/tools/terraform/apply.ts';
import { createClouds } from '../../src/vault/clouds/index.ts';
import { createCredentialSource } from '../../src/vault/credentials.ts';
import { createMasterKeys } from '../../src/vault/master-keys.ts';
import { createRedactor } from '../../src/vault/redact.ts';
import { createSealer } from '../../src/vault/seal.ts';
import { hasBubblewrap } from '../sandbox/support/engine.ts';
import { type CloudDouble, missingForDouble, startCloudDouble } from '../support/cloud-double.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { missingForTerraform } from './support/terraform-bed.ts';

// What a step of Terraform reaches from inside the real sandbox, and what it finds there: a provisioner looks around as
// a provider could, and reports to a server of the test's own (STS is a double, since no cloud runs here).

const missing = hasBubblewrap()
  ? (missingForTerraform() ?? missingForDouble())
  : 'bubblewrap is not installed';
if (missing !== undefined) console.warn(`SKIPPED tests/tools/terraform-outside.test.ts: ${missing}.`);

const connection = 'terraform:lab/net';
const [role, planRole] = ['arn:aws:iam::123456789012:role/apply', 'arn:aws:iam::123456789012:role/plan'];

describe.skipIf(missing !== undefined)('what Terraform reaches from inside the sandbox', () => {
  let folder: string;
  let double: CloudDouble;
  let database: TestDatabase;
  let pool: pg.Pool;
  let sandbox: Sandbox;
  let session: StepSession;
  let redact: (text: string) => string;
  const progress: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'reign-out-'));
    mkdirSync(join(folder, 'net'));
    double = await startCloudDouble();
    writeFileSync(join(folder, 'net/main.tf'), configuration());
    writeFileSync(join(folder, 'net/look.mjs'), lookAround(double));
    database = await cloneDatabase();
    pool = new pg.Pool({ connectionString: database.url });
    const hosts = [`localhost:${double.port}`];
    const aws = {
      role,
      planRole,
      region: 'eu-central-1',
      keys: { id: 'AKIABASEOFTHETEST00', secret: 'env:BASE' },
    };
    const references = new Map([
      [connection, { kind: 'terraform' as const, folder: join(folder, 'net'), hosts, cloud: { aws } }],
    ]);
    const credentials = createCredentialSource(
      references,
      async () => 'the-base-secret-of-the-test',
      () => undefined,
      createClouds({ AWS_ENDPOINT_URL_STS: double.plainUrl }),
    );
    const terraform = { path: 'net', workspace: 'default', state: 'reign' as const, hosts };
    const view = { id: connection, kind: 'terraform' as const, environment: 'lab', name: 'net', demo: false };
    redact = createRedactor({ values: credentials.values }).redactNow;
    sandbox = await createSandbox({
      ...stepCode,
      ...{ workRoot: join(folder, 'work'), httpAllow: [], logger: silentLogger },
      ...{ isolation: 'required', poolSize: 1, credentials },
      environments: [
        {
          ...{ name: 'lab', tier: 'nonproduction', aliases: [] },
          connections: [{ ...view, terraform: { ...terraform, cloud: { aws: { region: aws.region } } } }],
        },
      ],
      terraform: createTerraformStates(pool, createSealer(createMasterKeys({ file: join(folder, 'key') }))),
      redact,
    });
    session = await sandbox.open({ planId: 'p-abc2345', profile: 'tool' });
  });
  afterAll(async () => {
    await session?.close();
    await sandbox?.close();
    await pool?.end();
    await database?.drop();
    await double?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  type Gate = NonNullable<Grant['write']>['gate'];
  const call = (phase: StepPhase, args: object, gate?: Gate): Promise<StepReply> =>
    session.call(
      { operation: 'terraform.apply', phase, args: args as never },
      {
        grant: {
          connections: [connection],
          ...(gate ? { write: { rules: apply.egress({ connection } as never), gate, step: 's-1' } } : {}),
        },
        ...{ deadline: new Date(Date.now() + 60_000), memoryMb: apply.limits.memoryMb, stop: apply.stop },
        onProgress: (line) => progress.push(line),
      },
    );
  const demand = (reply: StepReply) => {
    if (!reply.ok) throw new Error(reply.fault.message);
    return reply.value as never;
  };

  test('listed hosts, credentials by the way that AWS has for it, and nothing else', async () => {
    const { input } = demand(await call('resolve', { request: { path: 'net' } }));
    const approved = demand(await call('preview', { input }));
    const context = { input, approved, idempotencyKey: 's-1' };
    const refused = await call('execute', context, async () => ({
      ok: false,
      fault: fault('stale', 'The approval is none.'),
    }));
    expect(refused.ok).toBe(false);
    expect(double.given).toEqual([]);
    expect(double.reports).toEqual([]);

    const output = demand(await call('execute', context, async () => ({ ok: true })));
    expect(output).toMatchObject({ added: 1, errors: [] });
    expect(double.reports).toHaveLength(1);
    const [report = {}] = double.reports;
    const [given] = double.given;
    expect(double.given).toHaveLength(1);
    expect(given).toMatchObject({ role, askedWith: 'AKIABASEOFTHETEST00' });
    expect(given?.fields.get('RoleSessionName')).toBe('reign-p-abc2345-s-1');
    expect(Number(given?.fields.get('DurationSeconds'))).toBeLessThanOrEqual(3600);

    expect(report).toMatchObject({
      withToken: { status: 200, id: given?.id, secret: given?.secret, token: given?.token },
      withoutToken: 403,
      tokenFileMode: '600',
      elsewhere: expect.stringContaining('elsewhere.example.com:443 is not among the hosts of net'),
      direct: expect.stringMatching(/ECONNREFUSED|ENETUNREACH|EHOSTUNREACH/),
      names: expect.stringMatching(/EAI_AGAIN|ENOTFOUND|ECONNREFUSED/),
    });
    for (const value of [given?.secret, given?.token, 'the-base-secret-of-the-test']) {
      expect(JSON.stringify(report['environment'])).not.toContain(value);
      expect(report['commandLines']).not.toContain(value);
    }
    expect(JSON.stringify(report['files'])).toBe('[]');
    expect(report['baseSecret']).toBe(false);
  });

  test('a refusal is told while it happens', () => {
    expect(progress.join('\n')).toContain('elsewhere.example.com:443 is not among the hosts');
  });

  test('what a provisioner prints of a credential is masked', async () => {
    const [given] = double.given;
    writeFileSync(
      join(folder, 'net/main.tf'),
      `resource "terraform_data" "loud" {
  provisioner "local-exec" { command = "echo ${given?.secret} ${given?.token}; exit 3" }
}
`,
    );
    const { input } = demand(await call('resolve', { request: { path: 'net' } }));
    const approved = demand(await call('preview', { input }));
    const reply = await call('execute', { input, approved, idempotencyKey: 's-2' }, async () => ({
      ok: true,
    }));
    // What a step returns is masked by the engine, with the same values.
    const told = redact(JSON.stringify(reply)) + progress.join('\n');
    expect(told).toContain('[redacted:credential]');
    for (const value of [given?.secret, given?.token]) expect(told).not.toContain(value);
  });
});

function configuration(): string {
  return `resource "terraform_data" "one" {
  provisioner "local-exec" { command = "${nodeArguments().node} look.mjs" }
}
`;
}

/** What a provider could do: look for credentials, use them, and try ways that are closed. */
function lookAround({ port, certificate }: CloudDouble): string {
  return `
import { readdirSync, readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import dns from 'node:dns/promises';
import tls from 'node:tls';

const { env } = process;
const ca = ${JSON.stringify(certificate)};
const tunnel = (target) => new Promise((resolve, reject) => {
  const sent = http.request(env.HTTPS_PROXY, { method: 'CONNECT', path: target });
  sent.on('connect', ({ statusCode, statusMessage }, socket) => resolve({ statusCode, statusMessage, socket }));
  sent.on('error', reject).end();
});
const get = (url, headers) => fetch(url, { headers }).then(async (answer) => ({ status: answer.status, text: await answer.text() }));
const tokenFile = env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;
const endpoint = env.AWS_CONTAINER_CREDENTIALS_FULL_URI;
const found = await get(endpoint, { authorization: readFileSync(tokenFile, 'utf8') });
const keys = found.status === 200 ? JSON.parse(found.text) : {};
const report = {
  withToken: { status: found.status, id: keys.AccessKeyId, secret: keys.SecretAccessKey, token: keys.Token },
  withoutToken: (await get(endpoint)).status,
  tokenFileMode: (statSync(tokenFile).mode & 0o777).toString(8),
  elsewhere: (await tunnel('elsewhere.example.com:443')).statusMessage,
  direct: await new Promise((resolve) => net.connect(${port}, '127.0.0.1', () => resolve('open')).on('error', ({ code }) => resolve(code))),
  names: await dns.lookup('elsewhere.example.com').then(() => 'found', ({ code }) => code),
  environment: env,
  commandLines: readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).map((name) => {
    try { return readFileSync('/proc/' + name + '/cmdline', 'utf8') + readFileSync('/proc/' + name + '/environ', 'utf8'); } catch { return ''; }
  }).join(' '),
  files: [],
  baseSecret: false,
};
const walk = (folder) => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = folder + '/' + entry.name;
    if (entry.isDirectory()) { walk(path); continue; }
    const text = readFileSync(path, 'latin1');
    if (text.includes(keys.SecretAccessKey) || text.includes(keys.Token)) report.files.push(path);
    if (text.includes('the-base-' + 'secret')) report.baseSecret = true;
  }
};
walk('/work');
const { socket } = await tunnel('localhost:${port}');
const secure = tls.connect({ socket, servername: 'localhost', ca });
const body = JSON.stringify(report);
const request = https.request('https://localhost:${port}/report', { method: 'POST', createConnection: () => secure, headers: { 'content-length': Buffer.byteLength(body) } }, (answer) => {
  answer.resume().on('end', () => process.exit(answer.statusCode === 200 ? 0 : 1));
});
request.end(body);
`;
}
