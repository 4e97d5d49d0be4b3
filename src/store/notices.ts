import type pg from 'pg';

const channel = 'reign_changes';

/** Tells all gateways that conversations have changed. Payloads stay well below Postgres' 8,000 bytes. */
export async function tellChanges(pool: pg.Pool, conversationIds: readonly string[]): Promise<void> {
  for (let start = 0; start < conversationIds.length; start += 100) {
    const payload = JSON.stringify(conversationIds.slice(start, start + 100));
    await pool.query('select pg_notify($1, $2)', [channel, payload]);
  }
}

/** How often a connection that only listens is asked whether it still lives, in milliseconds. */
const askMs = 10_000;

/**
 * Listens for changes on a connection of its own, connecting again when it breaks or falls silent.
 * @returns how to stop.
 */
export async function hearChanges(
  pool: pg.Pool,
  heard: (conversationIds: string[]) => void,
): Promise<() => Promise<void>> {
  let stopped = false;
  let client: pg.PoolClient | undefined;
  const connect = async (): Promise<void> => {
    const fresh = await pool.connect();
    await fresh.query(`listen ${channel}`).catch((error: Error) => {
      fresh.release(true);
      throw error;
    });
    if (stopped) return fresh.release(true);
    client = fresh;
    fresh.on('notification', ({ payload }) => heard(JSON.parse(payload ?? '[]') as string[]));
    fresh.once('error', () => lose(fresh));
  };
  const lose = (lost: pg.PoolClient) => {
    if (client !== lost) return;
    client = undefined;
    lost.release(true);
    again();
  };
  const again = () => {
    if (!stopped) setTimeout(() => connect().catch(again), 1_000).unref();
  };
  const asking = setInterval(() => {
    const asked = client;
    asked?.query('select 1').catch(() => lose(asked));
  }, askMs);
  await connect().catch((error: Error) => {
    clearInterval(asking);
    throw error;
  });
  return async () => {
    stopped = true;
    clearInterval(asking);
    client?.release(true);
    client = undefined;
  };
}
