import { readFileSync } from 'node:fs';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress, RedisTls } from '../src/domain/ports/redis-address.ts';

/** In braces, so that a cluster keeps all queues on one node, as BullMQ needs it. */
export const queuePrefix = '{reign}';

/**
 * A connection that notices within seconds when the other side falls silent, and that follows a change of the master.
 * `producer` fails at once while Redis is away; `consumer` goes on trying; `look` tries once.
 */
export function connectRedis(address: RedisAddress, side: 'producer' | 'consumer' | 'look'): Redis | Cluster {
  const tls = address.tls && tlsOf(address.tls);
  const patience = { producer: producing, consumer: consuming, look: looking }[side];
  const redis = open(address, { ...common, ...patience, ...(tls ? { tls } : {}) }, side === 'consumer');
  redis.on('error', () => {});
  return redis;
}

/** Answers come in their plain form; without this the types would not know. */
type Options = RedisOptions & { replyMapping?: 'legacy' };

/** Consumers ask about once a second, so that silence for longer is a dead link; milliseconds. */
const common: Options = {
  connectTimeout: 3_000,
  socketTimeout: 5_000,
  // A master that was demoted while we were connected.
  reconnectOnError: ({ message }) => message.startsWith('READONLY'),
};
const producing: Options = { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 4_000 };
const looking: Options = { maxRetriesPerRequest: 1, commandTimeout: 4_000 };
const consuming: Options = { maxRetriesPerRequest: null };

/** Where Redis is, in words; without passwords. */
export function wordsOf(address: RedisAddress): string {
  if ('url' in address) return new URL(address.url).host;
  if ('cluster' in address) return address.cluster.join(', ');
  return `${address.master} (Sentinels ${address.sentinels.join(', ')})`;
}

function open(address: RedisAddress, options: Options, patient: boolean): Redis | Cluster {
  if ('url' in address) return new Redis(address.url, options);
  const { username, password } = address;
  const login = { ...(username ? { username } : {}), ...(password ? { password } : {}) };
  if ('sentinels' in address) {
    const { sentinels, master, sentinelPassword } = address;
    return new Redis({
      ...options,
      ...login,
      sentinels: sentinels.map(hostAndPort),
      name: master,
      ...(sentinelPassword ? { sentinelPassword } : {}),
      ...(options.tls ? { sentinelTLS: options.tls, enableTLSForSentinelMode: true } : {}),
      // No failoverDetector: with it, about one connection in twenty ended for good at a failover.
      sentinelCommandTimeout: 2_000,
    });
  }
  const { enableOfflineQueue, ...redisOptions } = options;
  const cluster = {
    redisOptions: { ...redisOptions, ...login },
    enableOfflineQueue: enableOfflineQueue ?? true,
    ...(patient ? {} : { maxRedirections: 3 }),
    // Certificates are made out to names: they must not be resolved before.
    ...(options.tls
      ? { dnsLookup: (host: string, done: (error: null, address: string) => void) => done(null, host) }
      : {}),
  };
  return new Cluster(address.cluster.map(hostAndPort), cluster);
}

function hostAndPort(text: string): { host: string; port: number } {
  const [host = '', port] = text.split(':');
  return { host, port: Number(port) };
}

function tlsOf({ ca, cert, key }: RedisTls): NonNullable<RedisOptions['tls']> {
  return {
    ...(ca ? { ca: readFileSync(ca) } : {}),
    ...(cert && key ? { cert: readFileSync(cert), key: readFileSync(key) } : {}),
  };
}
