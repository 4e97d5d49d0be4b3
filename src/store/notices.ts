import type pg from 'pg';

const channel = 'reign_changes';

/** Tells all gateways that conversations have changed. Payloads stay well below Postgres' 8,000 bytes. */
export async function tellChanges(pool: pg.Pool, conversationIds: readonly string[]): Promise<void> {
  for (let start = 0; start < conversationIds.length; start += 100) {
    const payload = JSON.stringify(conversationIds.slice(start, start + 100));
    await pool.query('select pg_notify($1, $2)', [channel, payload]);
  }
}

/** Listens for changes on a connection of its own, connecting again when it breaks. @returns how to stop. */
export async function hearChanges(
  pool: pg.Pool,
  heard: (conversationIds: string[]) => void,
): Promise<() => Promise<void>> {
  let stopped = false;
  let client: pg.PoolClient | undefined;
  const connect = async (): Promise<void> => {
    const fresh = await pool.connect();
    client = fresh;
    fresh.on('notification', ({ payload }) => heard(JSON.parse(payload ?? '[]') as string[]));
    fresh.once('error', () => {
      fresh.release(true);
      client = undefined;
      again();
    });
    await fresh.query(`listen ${channel}`);
  };
  const again = () => {
    if (!stopped) setTimeout(() => connect().catch(again), 1_000).unref();
  };
  await connect();
  return async () => {
    stopped = true;
    client?.removeAllListeners('error').on('error', () => {});
    client?.release(true);
  };
}
