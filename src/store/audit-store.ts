import type pg from 'pg';
import type { AuditCheckpoint } from '../domain/audit.ts';
import type { CheckpointStore } from '../engine/checkpoint.ts';
import type { AuditRecord, AuditSource } from '../engine/verify-audit.ts';

/** Any number but the other two. */
const checkpointLock = 7_294_623;
const pageSize = 5_000;

/** Reads the whole audit in pages, so that memory stays flat however long it is. */
export function createAuditSource(pool: pg.Pool): AuditSource {
  return { rows: () => readRows(pool), checkpoints: () => readCheckpoints(pool) };
}

async function* readRows(pool: pg.Pool): AsyncIterable<AuditRecord> {
  let after = { chain: '', seq: 0 };
  for (;;) {
    const { rows } = await pool.query(
      `select e.chain, e.seq::float8 as seq, e.at, e.type, e.actor, e.payload_hash as "payloadHash", e.previous, e.hash,
         p.payload
       from audit_events e left join audit_payloads p using (chain, seq)
       where (e.chain, e.seq) > ($1, $2) order by e.chain, e.seq limit ${pageSize}`,
      [after.chain, after.seq],
    );
    for (const { payload, ...row } of rows) yield payload === null ? row : { ...row, payload };
    const last = rows.at(-1);
    if (rows.length < pageSize || !last) return;
    after = last;
  }
}

async function* readCheckpoints(pool: pg.Pool): AsyncIterable<AuditCheckpoint> {
  let after = 0;
  for (;;) {
    const { rows } = await pool.query<AuditCheckpoint>(
      `select id::float8 as id, at, previous, heads, hash, signature from audit_checkpoints
       where id > $1 order by id limit 500`,
      [after],
    );
    yield* rows;
    const last = rows.at(-1);
    if (rows.length < 500 || !last) return;
    after = last.id;
  }
}

/** The last checkpoint and the changed heads, under a lock of their own; for a gateway's pool. */
export function createCheckpointStore(pool: pg.Pool): CheckpointStore {
  return {
    async checkpoint(make) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        await client.query('select pg_advisory_xact_lock($1)', [checkpointLock]);
        const last = await client.query<AuditCheckpoint>(
          'select id::float8 as id, at, previous, heads, hash, signature from audit_checkpoints order by id desc limit 1',
        );
        const heads = await client.query(
          `select chain, seq::float8 as seq, hash from audit_heads where seq > checkpointed_seq order by chain limit 10000`,
        );
        const made = make(last.rows[0], heads.rows);
        if (made) await keep(client, made);
        await client.query('commit');
        return made;
      } catch (error) {
        await client.query('rollback');
        throw error;
      } finally {
        client.release();
      }
    },
  };
}

async function keep(
  client: pg.PoolClient,
  { id, at, previous, heads, hash, signature }: AuditCheckpoint,
): Promise<void> {
  await client.query(
    'insert into audit_checkpoints (id, at, previous, heads, hash, signature) values ($1, $2, $3, $4, $5, $6)',
    [id, at, previous, JSON.stringify(heads), hash, signature],
  );
  await client.query(
    `update audit_heads h set checkpointed_seq = t.seq
     from jsonb_to_recordset($1::jsonb) as t (chain text, seq bigint) where h.chain = t.chain`,
    [JSON.stringify(heads)],
  );
}
