import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';

/** Jobs a second of a bare BullMQ worker, concurrency 10, whose job makes three two-statement commits. */
export async function floorPerSecond(databaseUrl: string, redisUrl: string, jobs: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  await pool.query('create table bench_floor (id bigserial primary key, job text, n int)');
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const queue = new Queue('floor', { connection });
  await queue.addBulk(
    Array.from({ length: jobs }, (_, n) => ({
      name: 'floor',
      data: { id: `job-${n}` },
      opts: { jobId: `floor-${n}`, attempts: 1, removeOnComplete: true },
    })),
  );
  let done = 0;
  const started = performance.now();
  await new Promise<void>((resolve) => {
    const worker = new Worker(
      'floor',
      async ({ data }) => {
        for (let n = 0; n < 3; n += 1) await commit(pool, data.id, n);
        done += 1;
        if (done === jobs) setImmediate(() => void worker.close().then(resolve));
      },
      { connection, concurrency: 10 },
    );
  });
  const seconds = (performance.now() - started) / 1000;
  await queue.close();
  connection.disconnect();
  await pool.end();
  return jobs / seconds;
}

async function commit(pool: pg.Pool, job: string, n: number): Promise<void> {
  const client = await pool.connect();
  await client.query('begin');
  await client.query('insert into bench_floor (job, n) values ($1, $2)', [job, n]);
  await client.query('update bench_floor set n = n + 1 where job = $1 and n = $2 and id = currval($3)', [
    job,
    n,
    'bench_floor_id_seq',
  ]);
  await client.query('commit');
  client.release();
}
