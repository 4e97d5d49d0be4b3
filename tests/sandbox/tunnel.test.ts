import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WantedCloud } from '../../src/domain/cloud.ts';
import type { EnvironmentView } from '../../src/domain/environment.ts';
import { fault } from '../../src/domain/fault.ts';
import { silentLogger } from '../../src/domain/ports/runtime.ts';
import type { Grant } from '../../src/domain/ports/sandbox.ts';
import { baseUrlOf } from '../../src/sandbox/broker/connection-name.ts';
import { type Broker, type BrokerSession, createBroker } from '../../src/sandbox/broker/index.ts';
import { apply } from '../../src/tools/terraform/apply.ts';
import { ask } from './support/http.ts';

const connection = 'terraform:lab/net';
const rules = apply.egress({ connection } as never);
const look: Grant = { connections: [connection] };

let folder: string;
let echo: Server;
let port: number;
let broker: Broker;
let session: BrokerSession;
let socketPath: string;
let resolved: string[];
let addresses: string[];
let asked: WantedCloud[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reign-tunnel-'));
  echo = createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  ({ port } = echo.address() as AddressInfo);
});
afterAll(() => {
  echo.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  [resolved, asked, addresses] = [[], [], ['127.0.0.1']];
  broker = createBroker({
    environments: [environment()],
    credentials: {
      access: async () => ({ url: '', secrets: [] }),
      version: () => '1',
      cloud: async (_id, wanted) => {
        asked.push(wanted);
        return { answer: { of: wanted.right }, secrets: [], until: Date.now() + 600_000 };
      },
    },
    openSecret: async () => '',
    httpAllow: [],
    logger: silentLogger,
    lookup: async (host) => {
      resolved.push(host);
      return addresses.map((address) => ({ address, family: 4 }));
    },
  });
  socketPath = join(folder, 'broker.sock');
  session = await broker.open(socketPath);
});
afterEach(async () => {
  await session.close();
  await broker.close();
});

const writes = (more: Partial<NonNullable<Grant['write']>> = {}): Grant => ({
  connections: [connection],
  write: { rules, gate: async () => ({ ok: true }), step: 's-1', ...more },
});

describe('a tunnel', () => {
  it('leads to a listed host, whose name is resolved once, and passes bytes both ways', async () => {
    session.activate(look);
    const { status, socket } = await tunnel(`named.lab:${port}`);
    expect(status).toBe('200 Connection established');
    expect(await said(socket, 'hello')).toBe('hello');
    expect(resolved).toEqual(['named.lab']);
    socket.destroy();
  });

  it('is closed with the call', async () => {
    const end = session.activate(look);
    const { socket } = await tunnel(`named.lab:${port}`);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    end();
    await closed;
    expect((await tunnel(`named.lab:${port}`)).status).toBe('403 No call is running.');
  });

  it.each([
    ['other.lab:8443', 'is not among the hosts of net in reign.yaml: named.lab:'],
    ['named.lab:443', 'is not among the hosts of net'],
    ['127.0.0.1:8443', 'is not among the hosts of net'],
    ['169.254.169.254:80', 'is not among the hosts of net'],
    ['named.lab', 'A tunnel leads to host:port.'],
  ])('to %s is refused, and why stands in the status line', async (target, why) => {
    session.activate(look);
    const { status } = await tunnel(target);
    expect(status).toMatch(/^403 /);
    expect(status).toContain(why);
    expect(resolved).toEqual([]);
  });

  it.each(['127.0.0.1', '10.1.2.3', '169.254.169.254', '::ffff:10.0.0.1'])(
    'to a host that only a star lists is refused at %s',
    async (address) => {
      addresses = [address];
      session.activate(look);
      const { status } = await tunnel(`any.stars.lab:${port}`);
      expect(status).toContain(`403 any.stars.lab:${port} is at no public address`);
    },
  );

  it('is for Terraform alone, and for the connection that the call lists', async () => {
    session.activate({ connections: ['kubernetes:lab/main'] });
    expect((await tunnel(`named.lab:${port}`)).status).toContain('This call may not use');
    const other = await tunnel(`named.lab:${port}`, 'kubernetes:lab/main');
    expect(other.status).toContain('Tunnels and upgrades are not passed on.');
  });

  it('of a write waits for the approval, and for the lease', async () => {
    session.activate(writes({ gate: async () => ({ ok: false, fault: fault('stale', 'Not approved.') }) }));
    expect((await tunnel(`named.lab:${port}`)).status).toBe('403 Not approved.');
    session.activate(writes({ holds: () => false }));
    expect((await tunnel(`named.lab:${port}`)).status).toContain('lease of this step is over');
    session.activate(writes({ rules: [] }));
    expect((await tunnel(`named.lab:${port}`)).status).toContain('does not name CONNECT');
    session.activate(writes());
    expect((await tunnel(`named.lab:${port}`)).status).toMatch(/^200/);
  });

  it('is one of 32 at most', async () => {
    session.activate(look);
    const open = await Promise.all(Array.from({ length: 32 }, () => tunnel(`named.lab:${port}`)));
    expect(open.every(({ status }) => status.startsWith('200'))).toBe(true);
    expect((await tunnel(`named.lab:${port}`)).status).toContain('More than 32');
    for (const { socket } of open) socket.destroy();
  });

  it('to a host that does not answer is a bad gateway', async () => {
    session.activate(look);
    expect((await tunnel('closed.lab:1')).status).toBe('502 closed.lab:1 cannot be reached: ECONNREFUSED.');
  });
});

describe('a credential of a cloud', () => {
  it('is the one for looking while a call looks', async () => {
    session.activate(look, 'p-1');
    expect((await ask(socketPath, connection, { path: '/cloud/aws' })).text).toBe('{"of":"look"}');
    expect(asked).toEqual([{ cloud: 'aws', right: 'look', session: 'reign-p-1-look' }]);
  });

  it('is the one for writing only once the approval was checked', async () => {
    session.activate(
      writes({ gate: async () => ({ ok: false, fault: fault('stale', 'Not approved.') }) }),
      'p-1',
    );
    expect(await ask(socketPath, connection, { path: '/cloud/aws' })).toMatchObject({ status: 403 });
    session.activate(writes({ holds: () => false }), 'p-1');
    expect(await ask(socketPath, connection, { path: '/cloud/aws' })).toMatchObject({ status: 403 });
    expect(asked).toEqual([]);
    session.activate(writes(), 'p-1');
    expect((await ask(socketPath, connection, { path: '/cloud/aws' })).text).toBe('{"of":"write"}');
    expect((await ask(socketPath, connection, { path: '/cloud/aws' })).text).toBe('{"of":"write"}');
    expect(asked).toEqual([{ cloud: 'aws', right: 'write', session: 'reign-p-1-s-1' }]);
  });

  it("is asked for as Azure's and Google's libraries ask", async () => {
    session.activate(look, 'p-1');
    const azure = '/cloud/azure?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.azure.com%2F';
    expect((await ask(socketPath, connection, { path: azure })).status).toBe(200);
    const google = '/computeMetadata/v1/instance/service-accounts/default/token?scopes=x';
    expect(await ask(socketPath, connection, { path: google })).toMatchObject({
      status: 200,
      headers: { 'metadata-flavor': 'Google' },
    });
    const project = await ask(socketPath, connection, { path: '/computeMetadata/v1/project/project-id' });
    expect(project.text).toBe('lab-project');
    expect(asked).toMatchObject([
      { cloud: 'azure', resource: 'https://management.azure.com/' },
      { cloud: 'google' },
    ]);
  });

  it.each(['/cloud/azure?resource=http%3A%2F%2Fevil', '/cloud/other', '/computeMetadata/v1/instance/id'])(
    '%s is none',
    async (path) => {
      session.activate(look);
      expect((await ask(socketPath, connection, { path })).status).toBe(403);
      expect(asked).toEqual([]);
    },
  );
});

function environment(): EnvironmentView {
  const hosts = [`named.lab:${port}`, `*.stars.lab:${port}`, 'closed.lab:1'];
  const terraform = { path: 'net', workspace: 'default', state: 'reign' as const, hosts };
  const shared = { environment: 'lab', demo: false };
  const cloud = { google: { project: 'lab-project' } };
  return {
    ...{ name: 'lab', tier: 'nonproduction', aliases: [] },
    connections: [
      { ...shared, id: connection, kind: 'terraform', name: 'net', terraform: { ...terraform, cloud } },
      { ...shared, id: 'kubernetes:lab/main', kind: 'kubernetes', name: 'main' },
    ],
  };
}

function tunnel(target: string, from = connection): Promise<{ status: string; socket: Socket }> {
  return new Promise((resolve, reject) => {
    const headers = { host: new URL(baseUrlOf(from)).host };
    const sent = request({ socketPath, method: 'CONNECT', path: target, headers });
    sent.on('error', reject);
    sent.on('connect', ({ statusCode, statusMessage }, socket: Socket) => {
      socket.on('error', () => {});
      resolve({ status: `${statusCode} ${statusMessage}`, socket });
    });
    sent.end();
  });
}

function said(socket: Socket, text: string): Promise<string> {
  return new Promise((resolve) => {
    socket.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    socket.write(text);
  });
}
