import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { announce } from '../../jobs/presence.ts';
import type { Timer } from '../../jobs/timers.ts';
import type { Config } from '../config/index.ts';
import { sha256 } from '../domain/json.ts';
import type { RedisAddress } from '../domain/ports/redis-address.ts';
import type { Engine } from '../engine/engine.ts';
import { version } from './package-root.ts';

/** A piece of the hash of the gateway's public key in a data folder; undefined where there is none. */
export async function fingerprintOf(dataDir: string): Promise<string | undefined> {
  const pem = await readFile(path.join(dataDir, 'keys', 'gateway.pub'), 'utf8').catch(() => undefined);
  return pem === undefined ? undefined : sha256(pem.trim()).slice(0, 12);
}

/** Says in Redis what this process is, for the doctor to compare. */
export async function announceProcess(
  { role, dataDir }: Config,
  { policy, logger }: Pick<Engine, 'policy' | 'logger'>,
  redis: RedisAddress,
): Promise<Timer> {
  const gatewayKey = (await fingerprintOf(dataDir)) ?? '';
  const about = { role, host: os.hostname(), pid: process.pid, version, gatewayKey };
  return announce(redis, { ...about, policy: policy.hash.slice(0, 12) }, logger);
}
