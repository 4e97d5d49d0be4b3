import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect, type TLSSocket } from 'node:tls';

/** What a backend's lock says of who holds it. */
export type LockHolder = { ID: string; Who?: string; Operation?: string; Created?: string };

type Config = { [field: string]: string | boolean | null | undefined };

const limitMs = 10_000;

/**
 * Who holds the lock of an `http` backend: Terraform reads that and shows its own name instead. Asks for the lock as
 * Terraform does; one that turns out to be free is given back at once. Undefined where nobody tells.
 */
export async function holderOfHttpLock(folder: string, proxy: string): Promise<LockHolder | undefined> {
  const config = await configOf(folder);
  const address = String(config['lock_address'] ?? '');
  if (!URL.canParse(address) || new URL(address).protocol !== 'https:') return undefined;
  const info = { ID: randomUUID(), Operation: 'OperationTypeApply', Who: 'reign', Info: '', Version: '' };
  const body = JSON.stringify({ ...info, Created: new Date().toISOString(), Path: '' });
  const answer = await ask(address, String(config['lock_method'] ?? 'LOCK'), body, config, proxy);
  if (answer.status === 200) {
    const back = String(config['unlock_address'] ?? address);
    await ask(back, String(config['unlock_method'] ?? 'UNLOCK'), body, config, proxy);
    return undefined;
  }
  const held = parse(answer.body);
  return typeof held?.ID === 'string' ? held : undefined;
}

async function configOf(folder: string): Promise<Config> {
  const kept = await readFile(join(folder, '.terraform/terraform.tfstate'), 'utf8').catch(() => '{}');
  const { backend } = JSON.parse(kept) as { backend?: { type?: string; config?: Config } };
  return backend?.type === 'http' ? (backend.config ?? {}) : {};
}

async function ask(
  address: string,
  method: string,
  body: string,
  { username, password, client_ca_certificate_pem: ca, skip_cert_verification: insecure }: Config,
  proxy: string,
): Promise<{ status: number; body: string }> {
  const url = new URL(address);
  const socket = await tunnel(url, proxy, {
    ...(typeof ca === 'string' && ca !== '' ? { ca } : {}),
    ...(insecure === true ? { rejectUnauthorized: false } : {}),
  });
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      url,
      {
        ...{ method, createConnection: () => socket, signal: AbortSignal.timeout(limitMs) },
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        ...(username ? { auth: `${username}:${password ?? ''}` } : {}),
      },
      (answer) => {
        const status = answer.statusCode ?? 0;
        text(answer).then((said) => resolve({ status, body: said }), reject);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

function tunnel({ hostname, port }: URL, proxy: string, trust: object): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const path = `${hostname}:${port || 443}`;
    const request = httpRequest(proxy, { method: 'CONNECT', path, signal: AbortSignal.timeout(limitMs) });
    request.on('error', reject);
    request.on('connect', ({ statusCode, statusMessage }, socket) => {
      if (statusCode !== 200) return reject(new Error(statusMessage));
      const secure = connect({ socket, servername: hostname, ...trust });
      secure.once('secureConnect', () => resolve(secure));
      secure.once('error', reject);
    });
    request.end();
  });
}

function parse(said: string): LockHolder | undefined {
  try {
    return JSON.parse(said) as LockHolder;
  } catch {
    return undefined;
  }
}
