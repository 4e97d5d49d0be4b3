import { Agent, fetch } from 'undici';
import { FaultError } from '../../domain/fault.ts';
import type { ServerAccess } from '../../domain/ports/credentials.ts';

export type Asked = { status: number; body: unknown };

export type Ask = (request: {
  url: string;
  method?: 'GET' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: string;
}) => Promise<Asked>;

const limitMs = 5000;

/**
 * Asks a server of `who` and reads its answer as JSON. Follows no redirect: what is sent goes nowhere else. Throws
 * FaultError `unreachable`.
 */
export function createAsk(who: string, tls: ServerAccess['tls'] = {}): Ask {
  const dispatcher = dispatcherOf(tls);
  return async ({ url, method = 'GET', headers = {}, body }) => {
    try {
      const response = await fetch(url, {
        method,
        headers,
        redirect: 'error',
        signal: AbortSignal.timeout(limitMs),
        ...(body === undefined ? {} : { body }),
        ...(dispatcher === undefined ? {} : { dispatcher }),
      });
      return { status: response.status, body: parse(await response.text()) };
    } catch (error) {
      throw new FaultError(
        'unreachable',
        `${who} cannot be reached at ${new URL(url).origin}: ${why(error)}.`,
      );
    }
  };
}

function dispatcherOf({ ca, cert, key, serverName, insecure }: NonNullable<ServerAccess['tls']>) {
  const connect = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(insecure === true ? { rejectUnauthorized: false } : {}),
  };
  return Object.keys(connect).length === 0 ? undefined : new Agent({ connect, keepAliveTimeout: 1000 });
}

/** A field of an answer, wherever it lies; undefined for what is not there. */
export function fieldOf(body: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined),
    body,
  );
}

/** A field that must be a text. @throws FaultError `unreachable` */
export function textOf(who: string, body: unknown, ...path: readonly string[]): string {
  const value = fieldOf(body, ...path);
  if (typeof value === 'string' && value !== '') return value;
  throw new FaultError('unreachable', `${who} answered without ${path.join('.')}.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The words of the cause, without what was sent. */
function why(error: unknown): string {
  const { cause, name } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return `no answer within ${limitMs / 1000} seconds`;
  return cause?.code ?? cause?.message ?? 'the request failed';
}
