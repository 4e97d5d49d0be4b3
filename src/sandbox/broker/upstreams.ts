import { Pool } from 'undici';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, sha256 } from '../../domain/json.ts';
import type { ServerAccess } from '../../domain/ports/credentials.ts';

const connectMilliseconds = 5000;
const idleMilliseconds = 60_000;
const mostPools = 64;

export type Upstream = {
  pool: Pool /** Put before every path; no slash at its end. */;
  prefix: string;
  host: string;
};

export type Upstreams = { of(access: ServerAccess): Upstream; close(): Promise<void> };

/** Connections to servers, kept open and shared by all steps. The credential is sent with each request, not here. */
export function createUpstreams(): Upstreams {
  const pools = new Map<string, Pool>();
  return {
    of(access) {
      const { origin, prefix, host, socketPath } = addressOf(access);
      const key = sha256(canonicalJson([origin, socketPath ?? null, access.tls ?? null]));
      let pool = pools.get(key);
      if (pool === undefined) {
        evictOldest(pools);
        pool = openPool(origin, socketPath, access);
      }
      pools.delete(key);
      pools.set(key, pool);
      return { pool, prefix, host };
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
      pools.clear();
    },
  };
}

type Address = { origin: string; prefix: string; host: string; socketPath?: string };

function addressOf({ url }: ServerAccess): Address {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address?.protocol === 'unix:')
    return { origin: 'http://localhost', prefix: '', host: 'localhost', socketPath: address.pathname };
  if (address?.protocol === 'http:' || address?.protocol === 'https:')
    return { origin: address.origin, prefix: address.pathname.replace(/\/+$/, ''), host: address.host };
  throw new FaultError(
    'unreachable',
    'The configured address of the server is neither http, https nor unix.',
  );
}

function openPool(origin: string, socketPath: string | undefined, { tls = {} }: ServerAccess): Pool {
  const { ca, cert, key, serverName, insecure } = tls;
  return new Pool(origin, {
    connect: {
      timeout: connectMilliseconds,
      ...(socketPath === undefined ? {} : { socketPath }),
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...(insecure === true ? { rejectUnauthorized: false } : {}),
    },
    keepAliveTimeout: idleMilliseconds,
    keepAliveMaxTimeout: idleMilliseconds,
    // Whoever forwards bounds the wait for an answer.
    headersTimeout: 0,
    // A followed log or a watch may be silent for long; the call's deadline ends it.
    bodyTimeout: 0,
    pipelining: 1,
  });
}

function evictOldest(pools: Map<string, Pool>): void {
  const [oldest] = pools;
  if (pools.size < mostPools || oldest === undefined) return;
  pools.delete(oldest[0]);
  void oldest[1].close();
}
