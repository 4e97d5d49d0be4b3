import pg from 'pg';

export type DatabaseRole = 'gateway' | 'worker' | 'owner';

/**
 * A pool whose every connection has taken on one of the roles that the migrations made, and so can do no more than
 * that role may. `owner` keeps the rights of the address's own user and is for migrations only. `mark` is shown to others
 * beside the role.
 */
export function createPool(databaseUrl: string, role: DatabaseRole, size = 10, mark = ''): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: size,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // A worker that is cut off must notice before its lease ends.
    query_timeout: 15_000,
    statement_timeout: 15_000,
    // A process that falls silent in mid-transaction (asleep, or its machine is gone) must not keep its locks.
    idle_in_transaction_session_timeout: 5_000,
    application_name: `reign-${role}${mark && `-${mark}`}`,
    ...(role === 'owner' ? {} : { options: `-c role=reign_${role}` }),
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  // So would one that is lent out and breaks between two queries; its borrower learns it from the next query.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Whether the database answers, known within seconds. Throws the driver's error where it does not. */
export async function ping(pool: pg.Pool): Promise<void> {
  const question = { text: 'select 1', query_timeout: 3_000 };
  await pool.query(question);
}

/** One connection with the rights of the address's own user, which may take its time: for a backup and what it is put back into. */
export async function connectOwner(connectionString: string): Promise<pg.Client> {
  const name = { application_name: 'reign-owner' };
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    ...name,
  });
  client.on('error', () => {});
  await client.connect();
  return client;
}
