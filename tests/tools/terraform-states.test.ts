import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Writer } from '../../src/domain/ports/reader.ts';
import { apply } from '../../src/tools/terraform/apply.ts';
import { openTerraformBed, type TerraformBed } from './support/terraform-bed.ts';
import { faultOf } from './support/writer.ts';

const state = (serial: number, lineage = 'l-1') =>
  JSON.stringify({ version: 4, serial, lineage, secret: 'topsecret' });
const lock = (id: string, step: string) => ({
  id,
  step,
  operation: 'OperationTypeApply',
  info: `{"ID":"${id}"}`,
});

describe("Terraform's states", () => {
  let bed: TerraformBed;
  let count = 0;
  let connection: string;

  beforeAll(async () => {
    bed = await openTerraformBed(['web']);
  });
  afterAll(() => bed?.close());
  beforeEach(() => {
    count += 1;
    connection = `terraform:staging/w${count}`;
  });

  test('are written only by the step that holds the lock, in order, and kept one version a step', async () => {
    const { states } = bed;
    const write = (serial: number, step: string, id: string, lineage?: string) =>
      states.write(connection, state(serial, lineage), { step, lock: id });
    expect(await faultOf(write(1, 's-1', 'a'))).toMatchObject({ code: 'locked' });
    await states.lock(connection, lock('a', 's-1'));
    expect(await faultOf(write(1, 's-2', 'a'))).toMatchObject({ code: 'locked' });
    expect(await faultOf(write(1, 's-1', 'b'))).toMatchObject({ code: 'locked' });
    await write(1, 's-1', 'a');
    await write(2, 's-1', 'a');
    expect(await faultOf(write(1, 's-1', 'a'))).toMatchObject({ code: 'conflict' });
    expect(await faultOf(write(3, 's-1', 'a', 'l-2'))).toMatchObject({ code: 'conflict' });
    expect(await faultOf(states.write(connection, 'no state', { step: 's-1', lock: 'a' }))).toMatchObject({
      code: 'bad-request',
    });
    await states.unlock(connection, { id: 'a', step: 's-1' });
    await states.lock(connection, lock('c', 's-3'));
    await write(3, 's-3', 'c');
    expect(await states.about(connection)).toMatchObject({ serial: 3, writtenBy: 's-3', lockedBy: 's-3' });
    const { rows } = await bed.pool.query(
      'select version, serial, sealed::text from terraform_states where connection = $1 order by version',
      [connection],
    );
    expect(rows.map(({ version, serial }) => [version, Number(serial)])).toEqual([
      [1, 2],
      [2, 3],
    ]);
    expect(JSON.stringify(rows)).not.toContain('topsecret');
  });

  test('a row that was moved does not open', async () => {
    const { states, pool } = bed;
    await states.lock(connection, lock('a', 's-1'));
    await states.write(connection, state(1), { step: 's-1', lock: 'a' });
    await pool.query('update terraform_states set connection = $2 where connection = $1', [
      connection,
      'terraform:x/y',
    ]);
    expect(await faultOf(states.read('terraform:x/y'))).toMatchObject({ code: 'refused' });
  });

  test('a lock is held by one, also when two ask at once, and given back only by its holder', async () => {
    const { states } = bed;
    const answers = await Promise.all(['a', 'b'].map((id) => states.lock(connection, lock(id, `s-${id}`))));
    expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true]);
    const winner = answers[0]?.ok ? 'a' : 'b';
    const loser = winner === 'a' ? 'b' : 'a';
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ held: { step: `s-${winner}`, settled: false } });
    expect(await faultOf(states.unlock(connection, { id: winner, step: `s-${loser}` }))).toMatchObject({
      code: 'conflict',
    });
    await states.unlock(connection, { id: winner, step: `s-${winner}` });
    expect(await states.lock(connection, lock(loser, `s-${loser}`))).toEqual({ ok: true });
  });

  test('the lock of a step that has ended is taken over, that of a running one is not', async () => {
    const { states } = bed;
    await insertStep(bed, 's-ended', null);
    await states.lock(connection, lock('a', 's-ended'));
    expect(await states.lock(connection, lock('b', 's-next'))).toMatchObject({
      ok: false,
      held: { plan: 'p-s-ended', settled: false },
    });
    await bed.pool.query("update steps set ended_at = now() where id = 's-ended'");
    expect(await states.lock(connection, lock('b', 's-next'))).toEqual({ ok: true });
    expect(await faultOf(states.write(connection, state(1), { step: 's-ended', lock: 'a' }))).toMatchObject({
      code: 'locked',
    });
  });

  test('a worker may use them, a gateway may not', async () => {
    for (const [role, allowed] of [
      ['reign_worker', true],
      ['reign_gateway', false],
    ] as const) {
      for (const table of ['terraform_states', 'terraform_plans', 'terraform_locks']) {
        const { rows } = await bed.pool.query('select has_table_privilege($1, $2, $3) as has', [
          role,
          table,
          'select',
        ]);
        expect(rows[0].has).toBe(allowed);
      }
    }
  });

  test('a step writes and locks only where its grant names it', async () => {
    bed.write('web', { 'main.tf': '' });
    const ask = (method: string, path: string, body?: string) => async (writer: Pick<Writer, 'forward'>) => {
      const forwarder = await writer.forward(bed.id('web'));
      const answer = await fetch(`${forwarder.url}${path}`, {
        method,
        ...(body === undefined ? {} : { body }),
      });
      forwarder.close();
      return answer.status;
    };
    const info = JSON.stringify({ ID: 'a', Operation: 'OperationTypeApply' });
    expect(await bed.look(ask('LOCK', '/lock', info))).toBe(403);
    expect(await bed.look(ask('POST', '/state?ID=a', state(1)))).toBe(403);
    expect(await bed.look(ask('GET', '/state'))).toBe(404);
    const input = { connection: bed.id('web') };
    const act = (step: string, work: ReturnType<typeof ask>) => bed.act(apply, input, step, work);
    expect(await act('s-1', ask('POST', '/state?ID=a', state(1)))).toBe(423);
    expect(await act('s-1', ask('LOCK', '/lock', 'no lock'))).toBe(400);
    expect(await act('s-1', ask('LOCK', '/lock', info))).toBe(200);
    expect(await act('s-2', ask('LOCK', '/lock', info.replace('"a"', '"b"')))).toBe(423);
    expect(await act('s-2', ask('POST', '/state?ID=a', state(1)))).toBe(423);
    expect(await act('s-2', ask('UNLOCK', '/lock', info))).toBe(409);
    expect(await act('s-1', ask('POST', '/state?ID=a', state(1)))).toBe(200);
    expect(await act('s-1', ask('UNLOCK', '/lock', info))).toBe(200);
    expect(await act('s-1', ask('DELETE', '/state'))).toBe(403);
    const large = 'x'.repeat(17 * 1024 * 1024);
    expect(await bed.look(ask('PUT', `/plans/${'a'.repeat(64)}`, large))).toBe(413);
  });
});

async function insertStep(bed: TerraformBed, id: string, endedAt: Date | null): Promise<void> {
  const { rows } = await bed.pool.query(
    "select table_name, column_name, data_type from information_schema.columns where table_name in ('conversations', 'plans', 'steps') and is_nullable = 'NO' and column_default is null",
  );
  const values: Record<string, unknown> = {
    id,
    plan_id: `p-${id}`,
    conversation_id: 'c-1',
    ended_at: endedAt,
  };
  for (const [table, own] of [
    ['conversations', 'c-1'],
    ['plans', `p-${id}`],
    ['steps', id],
  ] as const) {
    const columns = rows.filter((row) => row.table_name === table);
    const names = columns.map((row) => row.column_name);
    const filled = columns.map(({ column_name: name, data_type: type }) =>
      name === 'id' ? own : (values[name] ?? plainOf(name, type)),
    );
    const marks = names.map((_, at) => `$${at + 1}`).join(', ');
    await bed.pool.query(`insert into ${table} (${names.join(', ')}) values (${marks})`, filled);
  }
}

/** Any value of a column's type. */
function plainOf(name: string, type: string): unknown {
  if (name === 'state') return 'running';
  if (type === 'integer') return 1;
  if (type === 'ARRAY') return [];
  if (type === 'jsonb') return '{}';
  return type.startsWith('timestamp') ? new Date() : type === 'boolean' ? false : 'x';
}
