import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Version = { data: Record<string, unknown>; created: string; deleted: boolean; destroyed: boolean };

/** What answers like HashiCorp's Vault: KV version 2, AppRole and Transit, in namespaces, with policies by token. */
export type VaultDouble = {
  url: string;
  host: string;
  /** Requests by "METHOD path", oldest first. */
  asked: string[];
  /** Tokens with the prefixes of paths that they may use. */
  tokens: Map<string, readonly string[]>;
  secretIds: Set<string>;
  namespace: string;
  /** A failure of all: sealed. */
  sealed: boolean;
  put(path: string, data: Record<string, unknown>): void;
  remove(path: string, how: 'deleted' | 'destroyed' | 'metadata'): void;
  close(): Promise<void>;
};

type Answer = { status: number; body: unknown };

export async function startVaultDouble(): Promise<VaultDouble> {
  const secrets = new Map<string, Version[]>();
  const rings = new Map<string, Buffer[]>();
  const double = {
    ...{ url: '', host: '', asked: [] as string[], namespace: '', sealed: false },
    tokens: new Map<string, readonly string[]>([['root-token', ['']]]),
    secretIds: new Set<string>(),
    put(path: string, data: Record<string, unknown>) {
      const created = new Date().toISOString();
      const next = { data, created, deleted: false, destroyed: false };
      secrets.set(path, [...(secrets.get(path) ?? []), next]);
    },
    remove(path: string, how: 'deleted' | 'destroyed' | 'metadata') {
      const last = secrets.get(path)?.at(-1);
      if (how === 'metadata') secrets.delete(path);
      else if (last) last[how] = true;
    },
    close: async () => undefined as undefined,
  };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const answer = answerTo(request, body === '' ? {} : (JSON.parse(body) as Record<string, string>));
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
    });
  });
  const answerTo = (request: IncomingMessage, body: Record<string, string>): Answer => {
    const path = (request.url ?? '').replace(/^\/v1\//, '');
    double.asked.push(`${request.method} ${path}`);
    if (double.sealed) return failed(503, 'Vault is sealed');
    if ((request.headers['x-vault-namespace'] ?? '') !== double.namespace)
      return failed(404, `no handler for route "${path}"`);
    if (path === 'auth/approle/login') return login(body);
    const allowed = double.tokens.get(String(request.headers['x-vault-token']));
    if (allowed === undefined) return failed(403, 'permission denied', 'invalid token');
    if (!allowed.some((prefix) => path.startsWith(prefix)))
      return failed(403, '1 error occurred:\n\t* permission denied\n\n');
    if (path.startsWith('transit/')) return transit(rings, request.method ?? '', path, body);
    return read(secrets.get(path.replace('/data/', '/')));
  };
  const login = (body: Record<string, string>): Answer => {
    if (!double.secretIds.has(body['secret_id'] ?? '')) return failed(400, 'invalid role or secret ID');
    const token = `hvs.${randomBytes(12).toString('hex')}`;
    double.tokens.set(token, ['secret/']);
    return { status: 200, body: { auth: { client_token: token, lease_duration: 3600 } } };
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  double.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  double.url = `http://${double.host}`;
  double.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve(undefined));
      server.closeAllConnections();
    });
  return double;
}

function failed(status: number, ...errors: string[]): Answer {
  return { status, body: { errors } };
}

function read(versions: readonly Version[] | undefined): Answer {
  const newest = versions?.at(-1);
  if (newest === undefined) return failed(404);
  const { data, created, deleted, destroyed } = newest;
  const gone = deleted || destroyed;
  const deletion_time = deleted ? new Date().toISOString() : '';
  const metadata = { version: versions?.length, created_time: created, deletion_time, destroyed };
  return { status: gone ? 404 : 200, body: { data: { data: gone ? null : data, metadata } } };
}

function transit(
  rings: Map<string, Buffer[]>,
  method: string,
  path: string,
  body: Record<string, string>,
): Answer {
  const [, verb = '', key = '', more] = path.split('/');
  const name = verb === 'keys' ? key : key;
  const ring = rings.get(name) ?? [randomBytes(32)];
  rings.set(name, ring);
  const answer = (data: object): Answer => ({ status: 200, body: { data } });
  if (verb === 'keys' && more === 'rotate') ring.push(randomBytes(32));
  if (verb === 'keys' && method === 'POST') return { status: 200, body: {} };
  if (verb === 'keys') return answer({ latest_version: ring.length, name });
  if (verb === 'encrypt') return answer({ ciphertext: encrypt(ring, body['plaintext'] ?? '') });
  const plain = decrypt(ring, body['ciphertext'] ?? '');
  if (plain === undefined) return failed(400, 'cipher: message authentication failed');
  return answer(verb === 'rewrap' ? { ciphertext: encrypt(ring, plain) } : { plaintext: plain });
}

function encrypt(ring: readonly Buffer[], plaintext: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', ring.at(-1) ?? '', iv);
  const bytes = Buffer.concat([iv, cipher.update(plaintext, 'base64'), cipher.final(), cipher.getAuthTag()]);
  return `vault:v${ring.length}:${bytes.toString('base64')}`;
}

function decrypt(ring: readonly Buffer[], ciphertext: string): string | undefined {
  const [, version = '', encoded = ''] = ciphertext.split(':');
  const key = ring[Number(version.slice(1)) - 1];
  const bytes = Buffer.from(encoded, 'base64');
  if (key === undefined) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('base64');
  } catch {
    return undefined;
  }
}
