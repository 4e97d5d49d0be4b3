import { type AddressInfo, createServer } from 'node:net';
import pg from 'pg';
import type { RunProgram } from '../../../src/domain/ports/reader.ts';
import type { Sealer } from '../../../src/domain/ports/secrets.ts';
import type { TerraformStates } from '../../../src/domain/ports/terraform-states.ts';
import { createPool } from '../../../src/store/pool.ts';
import { createTerraformStates } from '../../../src/store/terraform-states.ts';
import { cloneDatabase } from '../../support/database.ts';
import { runUnder } from './faulty-programs.ts';
import type { FaultyServer, Seen, Trouble } from './faulty-server.ts';

/**
 * What Terraform's operations ask, as requests to one server: the states that Reign keeps (`GET /about`) and runs of the
 * program (`RUN /plan`). What goes wrong with states is what a real Postgres then says; programs are really killed.
 */
export type FaultyTerraform = FaultyServer & { states: TerraformStates; runs(run: RunProgram): RunProgram };

/** A real Postgres, and pools by which it refuses, is late, is away, or breaks off. */
export type Engine = {
  statesIn(pool: 'pool' | 'refusing' | 'late' | 'away' | 'broken'): TerraformStates;
  close(): Promise<void>;
};

export async function openEngine(sealer: Sealer): Promise<Engine> {
  const [database, held] = await Promise.all([cloneDatabase(), cloneDatabase()]);
  const breaking = createServer((socket) => socket.once('data', () => socket.destroy()));
  await new Promise<void>((resolve) => breaking.listen(0, '127.0.0.1', resolve));
  const { port } = breaking.address() as AddressInfo;
  const pools = {
    pool: createPool(database.url, 'worker'),
    // A gateway has no rights to states.
    refusing: createPool(database.url, 'gateway'),
    late: new pg.Pool({ connectionString: held.url, statement_timeout: 50 }),
    away: new pg.Pool({ connectionString: 'postgres://127.0.0.1:1/none' }),
    broken: new pg.Pool({ connectionString: `postgres://127.0.0.1:${port}/none` }),
  };
  const holder = new pg.Client({ connectionString: held.url });
  await holder.connect();
  await holder.query('begin; lock table terraform_states, terraform_plans, terraform_locks');
  return {
    statesIn: (name) => createTerraformStates(pools[name], sealer),
    async close() {
      await holder.end();
      breaking.close();
      await Promise.all(Object.values(pools).map((pool) => pool.end()));
      await Promise.all([database.drop(), held.drop()]);
    },
  };
}

export function startFaultyTerraform(engine: Engine): FaultyTerraform {
  const real = engine.statesIn('pool');
  const faulty: FaultyTerraform = {
    ...{
      url: '',
      asked: [],
      written: [],
      trouble: undefined,
      hangs: () => {},
      kills: () => {},
      states: real,
      runs,
    },
    close: async () => {},
  };
  let last: { body: string; trouble: Trouble } | undefined;
  const meet = (method: string, path: string, body = ''): { seen: Seen; trouble: Trouble | undefined } => {
    const look = ['GET', 'PUT', 'RUN'].includes(method);
    const seen = { method, path, body, dryRun: false, look };
    faulty.asked.push(seen);
    // Terraform asks again: what is away stays away.
    const again = `${method} ${path} ${body}`;
    const trouble = last?.body === again && faulty.trouble ? last.trouble : faulty.trouble?.(seen);
    last = trouble === undefined || trouble.kind === 'lost' ? undefined : { body: again, trouble };
    return { seen, trouble };
  };
  const through = async <T>(
    [method, path, body]: [string, string, string?],
    ask: (states: TerraformStates) => Promise<T>,
  ): Promise<T> => {
    const { seen, trouble } = meet(method, path, body);
    if (trouble !== undefined && trouble.kind !== 'lost') return ask(engine.statesIn(poolFor(trouble)));
    if (!seen.look) faulty.written.push(seen);
    const value = await ask(real);
    if (trouble?.kind !== 'lost') return value;
    if (trouble.answer === 'breaks') return ask(engine.statesIn('broken'));
    faulty.hangs();
    return new Promise(() => {});
  };
  faulty.states = {
    about: (id) => through(['GET', '/about'], (to) => to.about(id)),
    read: (id) => through(['GET', '/state'], (to) => to.read(id)),
    write: (id, text, by) => through(['POST', '/state', text], (to) => to.write(id, text, by)),
    lock: (id, lock) => through(['LOCK', '/lock', lock.id], (to) => to.lock(id, lock)),
    unlock: (id, lock) => through(['UNLOCK', '/lock', lock.id], (to) => to.unlock(id, lock)),
    plan: (id, key) => through(['GET', '/plans'], (to) => to.plan(id, key)),
    keepPlan: (id, key, file) => through(['PUT', '/plans'], (to) => to.keepPlan(id, key, file)),
    planFile: (id, hash) => through(['GET', '/plan-files'], (to) => to.planFile(id, hash)),
  };
  return faulty;

  function runs(run: RunProgram): RunProgram {
    return (program, args, options) => {
      const { trouble } = meet('RUN', `/${args[0]}`);
      // Cut is what is read as JSON; of other output only how it ends counts.
      const whole = trouble?.kind === 'cut' && !['show', 'validate'].includes(args[0] ?? '');
      return runUnder(whole ? { kind: 'reset' } : trouble, run)(program, args, options);
    };
  }
}

function poolFor(trouble: Trouble) {
  if (trouble.kind === 'hang') return 'late';
  if (trouble.kind === 'answer') return trouble.status === 403 ? 'refusing' : 'away';
  return 'broken';
}
