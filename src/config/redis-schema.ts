import { z } from 'zod';
import type { RedisAddress } from '../domain/ports/redis-address.ts';
import { url } from './url-field.ts';

const servers = z
  .array(z.string().regex(/^[^\s:/@]+:\d{1,5}$/, 'expected host:port'))
  .min(1, 'list at least one host:port');
const pem = z.string().min(1);

/** How Redis is reached. */
export const redisSchema = z
  .strictObject({
    url: url('redis', 'rediss').optional().describe('Redis (default: one started by Reign).'),
    sentinels: servers.optional().describe('Sentinels that know who the master is, as host:port.'),
    master: z.string().min(1).optional().describe('What the Sentinels call the master.'),
    sentinelPassword: z.string().min(1).optional().describe('Password of the Sentinels themselves.'),
    cluster: servers.optional().describe('Nodes of a Redis Cluster to ask first, as host:port.'),
    username: z.string().min(1).optional().describe('User, where there is no url.'),
    password: z.string().min(1).optional().describe('Password, where there is no url.'),
    tls: z.boolean().optional().describe('TLS, where there is no url; with one, write rediss://.'),
    ca: pem.optional().describe('PEM file of the authority, relative to this file (default: those of Node).'),
    cert: pem.optional().describe('PEM file of a client certificate.'),
    key: pem.optional().describe('PEM file of its key.'),
  })
  .superRefine((raw, context) => {
    for (const message of problemsOf(raw)) context.addIssue({ code: 'custom', message });
  })
  .describe('Redis: one server, the master of Sentinels, or a cluster.');

type Raw = {
  [Key in 'url' | 'master' | 'sentinelPassword' | 'username' | 'password' | 'ca' | 'cert' | 'key']?:
    | string
    | undefined;
} & { sentinels?: string[] | undefined; cluster?: string[] | undefined; tls?: boolean | undefined };

/** The address, with files at absolute paths; undefined where nothing is given. */
export function redisOf(raw: Raw | undefined, path: (text: string) => string): RedisAddress | undefined {
  if (!raw) return undefined;
  const { url, sentinels, master = '', cluster, username, password, sentinelPassword } = raw;
  const files = given({ ca: raw.ca, cert: raw.cert, key: raw.key });
  const at = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, path(file)]));
  const tls = raw.tls || url?.startsWith('rediss:') ? { tls: at } : {};
  const login = given({ username, password });
  if (url !== undefined) return { url, ...tls };
  if (sentinels) return { sentinels, master, ...login, ...given({ sentinelPassword }), ...tls };
  return cluster ? { cluster, ...login, ...tls } : undefined;
}

function problemsOf({ url, sentinels, master, sentinelPassword, cluster, ...raw }: Raw): string[] {
  const problems: string[] = [];
  const say = (wrong: boolean, message: string) => wrong && problems.push(message);
  const ways = [url, sentinels, cluster].filter((way) => way !== undefined).length;
  say(ways > 1, 'give one of url, sentinels and cluster');
  say(ways === 0 && Object.keys(raw).length > 0, 'say where Redis is: url, sentinels or cluster');
  say((sentinels === undefined) !== (master === undefined), 'sentinels and master belong together');
  say(sentinelPassword !== undefined && sentinels === undefined, 'sentinelPassword belongs to sentinels');
  const besides = raw.username ?? raw.password ?? raw.tls;
  say(url !== undefined && besides !== undefined, 'write user, password and TLS into url (rediss://…)');
  const files = raw.ca ?? raw.cert ?? raw.key;
  say(
    files !== undefined && !raw.tls && !url?.startsWith('rediss:'),
    'ca, cert and key need TLS: rediss://, or tls: true',
  );
  say((raw.cert === undefined) !== (raw.key === undefined), 'cert and key belong together');
  return problems;
}

function given<T extends object>(value: T): Record<string, string> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
