import { FaultError } from '../src/domain/fault.ts';
import type { RedisAddress } from '../src/domain/ports/redis-address.ts';
import type { Logger } from '../src/domain/ports/runtime.ts';
import { connectRedis, queuePrefix, wordsOf } from './redis.ts';
import type { Timer } from './timers.ts';

/** What a process says of itself, so that the doctor can compare them. Nothing is decided from it. */
export type Presence = {
  role: string;
  host: string;
  pid: number;
  version: string;
  policy: string;
  /** Fingerprint of the gateway's public key, as this process has it. */
  gatewayKey: string;
};

/** One key, so that a cluster has it in one place: a field for each process. */
const processes = `${queuePrefix}:processes`;
const everyMs = 10_000;
const livesMs = 30_000;

/** Says every ten seconds that this process is there; a process that was killed is forgotten after thirty. */
export function announce(address: RedisAddress, presence: Presence, logger: Logger): Timer {
  const redis = connectRedis(address, 'look');
  const field = `${presence.host}-${presence.pid}`;
  const say = async () => {
    await redis
      .hset(processes, field, JSON.stringify({ ...presence, at: Date.now() }))
      .catch((error: Error) => logger.debug({ error: error.message }, 'this process could not be announced'));
  };
  void say();
  const timer = setInterval(() => void say(), everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await redis.hdel(processes, field).catch(() => {});
      redis.disconnect();
    },
  };
}

/** Which processes are there, and whether this Redis may throw work away. Throws FaultError `unreachable` with what mends it. */
export async function lookAtRedis(
  address: RedisAddress,
): Promise<{ evicts?: string; processes: Presence[] }> {
  const redis = connectRedis(address, 'look');
  let problem = '';
  redis.on('error', (error) => {
    problem = error.message;
  });
  try {
    const said = Object.entries(await redis.hgetall(processes));
    const all = said.map(([field, text]) => ({ field, ...(JSON.parse(text) as Presence & { at: number }) }));
    const isGone = ({ at }: { at: number }) => at < Date.now() - livesMs;
    const gone = all.filter(isGone).map(({ field }) => field);
    if (gone.length > 0) await redis.hdel(processes, ...gone);
    const present = all.filter((each) => !isGone(each)).map(({ field: _, at: __, ...presence }) => presence);
    // A managed server may refuse the question.
    const [, policy] = ((await redis.config('GET', 'maxmemory-policy').catch(() => [])) as string[]) ?? [];
    return {
      processes: present,
      ...(policy === undefined || policy === 'noeviction' ? {} : { evicts: policy }),
    };
  } catch (error) {
    throw explained(address, problem || (error as Error).message);
  } finally {
    redis.disconnect();
  }
}

function explained(address: RedisAddress, problem: string): FaultError {
  const plain = 'url' in address && address.url.startsWith('redis:');
  const words = `Redis at ${wordsOf(address)} does not answer: ${problem}. ${mend(plain, problem)}`;
  return new FaultError('unreachable', words);
}

function mend(plain: boolean, problem: string): string {
  if (/NOAUTH|WRONGPASS|NOPERM|invalid username-password/i.test(problem))
    return 'Put the right name and password into REDIS_URL (redis://name:password@host:6379).';
  if (/wrong version number|packet length too long/i.test(problem))
    return 'It speaks no TLS there: write redis:// instead of rediss://, or the port that does.';
  if (/certificate|self.signed|issuer/i.test(problem))
    return 'Its certificate is not trusted here: give the authority as redis.ca in reign.yaml, or NODE_EXTRA_CA_CERTS=/path/to/ca.pem.';
  if (/ENOTFOUND|EAI_AGAIN/.test(problem)) return 'The name in REDIS_URL is not known here.';
  if (plain && /closed|reset|timed? ?out/i.test(problem))
    return 'If it speaks TLS, write rediss:// in REDIS_URL; else check that it runs and may be reached.';
  if (!plain && /timed? ?out/i.test(problem))
    return 'If it speaks no TLS there, write redis:// in REDIS_URL; else check that it may be reached.';
  return 'Check REDIS_URL, that it runs, and that it may be reached from here.';
}
