import type pg from 'pg';
import { FaultError } from '../domain/fault.ts';

/**
 * Refuses (FaultError `refused`) a gateway while another with another key works on the database: each would take the
 * other's decisions and checkpoints for forged. The connections of `pool` bear the mark of the own key.
 */
export async function demandSameKey(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query(
    `select 1 from pg_stat_activity where datname = current_database() and application_name like 'reign-gateway-%'
       and application_name <> current_setting('application_name') limit 1`,
  );
  if (rows.length === 0) return;
  throw new FaultError(
    'refused',
    'Another gateway works on this database with another key. Give all of them the same keys: copy its keys folder into the data folder of this one.',
  );
}
