import { join } from 'node:path';
import { readIfThere, writePrivately } from '../data-dir.ts';

export interface RedisConfiguration {
  port: number;
  password: string;
}

/** What the last start chose; undefined before the first. */
export async function readConfiguration(dataDir: string): Promise<RedisConfiguration | undefined> {
  const text = (await readIfThere(configurationFile(dataDir))) ?? '';
  const port = /^port (\d+)$/m.exec(text)?.[1];
  const password = /^requirepass (\S+)$/m.exec(text)?.[1];
  return port && password ? { port: Number(port), password } : undefined;
}

/** Writes the whole configuration (mode 0600): loopback only, a password, nothing on disk. */
export async function writeConfiguration(dataDir: string, own: RedisConfiguration): Promise<void> {
  const lines = [
    'bind 127.0.0.1',
    `port ${own.port}`,
    `requirepass ${own.password}`,
    'protected-mode yes',
    'daemonize no',
    'save ""',
    'appendonly no',
    // Anything else would let Redis drop jobs silently when memory is short.
    'maxmemory-policy noeviction',
  ];
  await writePrivately(configurationFile(dataDir), `${lines.join('\n')}\n`);
}

/** Where the configuration is kept. */
export function configurationFile(dataDir: string): string {
  return join(dataDir, 'redis.conf');
}
