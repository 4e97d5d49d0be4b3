import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Found, type Lookup, mayReach, resolveHost } from './addresses.ts';
import { type TlsView, viewTls } from './tls.ts';

export type { Lookup } from './addresses.ts';
export type { TlsView } from './tls.ts';

export type Hop = { url: string; address: string | null; status: number | null };
export type ProbeError = { code: string; message: string };
export type HopTimes = {
  dns: number | null;
  connect: number | null;
  tls: number | null;
  firstByte: number | null;
  total: number;
};
export type HopOptions = { allowed: readonly string[]; signal: AbortSignal; lookup?: Lookup };

export type Visited = {
  hop: Hop;
  times: HopTimes;
  tls: TlsView | null;
  redirect: string | undefined;
  error: ProbeError | undefined;
};

const keptBytes = 64 * 1024;

/** Visits one address: resolves its host once, checks and pins the address, and sends one GET. Never throws. */
export async function visit(text: string, options: HopOptions): Promise<Visited> {
  const times: HopTimes = { dns: null, connect: null, tls: null, firstByte: null, total: 0 };
  const visited: Visited = {
    ...{ hop: { url: text, address: null, status: null }, times },
    ...{ tls: null, redirect: undefined, error: undefined },
  };
  try {
    const url = parseUrl(text);
    visited.hop.url = url.href;
    const found = await pin(url, options, times);
    visited.hop.address = found.address;
    const answer = await exchange(url, found, options.signal, visited);
    visited.hop.status = answer.statusCode ?? null;
    visited.redirect = redirectOf(url, answer);
  } catch (error) {
    visited.error = problemOf(error, options.signal);
  }
  return visited;
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw problem('bad-address', `${text} is not an address.`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw problem('bad-address', 'Only http and https addresses are visited.');
  if (url.username !== '' || url.password !== '')
    throw problem('bad-address', 'An address with a user name or password is not visited.');
  url.hash = '';
  return url;
}

/** Resolves a host once and picks the address to connect to. Rejects when there is none that may be reached. */
export async function pin(url: URL, options: HopOptions, times: Partial<HopTimes> = {}): Promise<Found> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const start = performance.now();
  const all = await resolveHost(host, options.signal, options.lookup);
  times.dns = since(start);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const found = all.find(({ address }) => mayReach(address, host, port, options.allowed));
  if (found !== undefined) return found;
  throw problem(
    'address-refused',
    `${host} is at ${all.map(({ address }) => address).join(', ') || 'no address'}, which is not public. ` +
      `Add ${host}:${port} to the addresses that checks may reach if that is meant.`,
  );
}

function exchange(url: URL, found: Found, signal: AbortSignal, visited: Visited): Promise<IncomingMessage> {
  const { times } = visited;
  const start = performance.now();
  const secure = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)({
      host: found.address,
      port: url.port || (secure ? 443 : 80),
      path: `${url.pathname}${url.search}`,
      method: 'GET',
      headers: { host: url.host, accept: '*/*', 'user-agent': 'reign-check', connection: 'close' },
      agent: false,
      signal,
      maxHeaderSize: 32 * 1024,
      // The certificate is judged in the result instead: an expired one is what a check is there to find.
      ...(secure ? { rejectUnauthorized: false, servername: serverNameOf(url) } : {}),
    });
    request.on('socket', (socket: Socket) => {
      socket.once('connect', () => {
        times.connect = since(start);
      });
      socket.once('secureConnect', () => {
        times.tls = since(start + (times.connect ?? 0));
        visited.tls = viewTls(socket as TLSSocket);
      });
    });
    request.on('error', reject);
    request.on('response', (answer) => {
      times.firstByte = since(start);
      drain(answer).then(() => resolve(answer), reject);
    });
    request.end();
  });
}

/** Reads at most 64 kB and drops it. */
async function drain(answer: IncomingMessage): Promise<void> {
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size >= keptBytes) break;
  }
}

function redirectOf(url: URL, answer: IncomingMessage): string | undefined {
  const { location } = answer.headers;
  if (![301, 302, 303, 307, 308].includes(answer.statusCode ?? 0) || location === undefined) return undefined;
  return URL.canParse(location, url.href) ? new URL(location, url.href).href : location;
}

/** TLS names no addresses. */
function serverNameOf(url: URL): string {
  return /^[\d.]+$|^\[/.test(url.hostname) ? '' : url.hostname;
}

function problem(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

function problemOf(error: unknown, signal: AbortSignal): ProbeError {
  if (signal.aborted) return { code: 'timeout', message: 'It did not answer in time.' };
  const { code, message } = error as { code?: unknown; message?: unknown };
  return { code: typeof code === 'string' ? code : 'failed', message: String(message ?? error) };
}

function since(start: number): number {
  return Math.round((performance.now() - start) * 10) / 10;
}
