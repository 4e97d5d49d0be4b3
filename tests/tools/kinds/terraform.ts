import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apply } from '../../../src/tools/terraform/apply.ts';
import { terraform } from '../../../src/tools/terraform/index.ts';
import { createMasterKeys } from '../../../src/vault/master-keys.ts';
import { createSealer } from '../../../src/vault/seal.ts';
import { openBed } from './bed.ts';
import { type Engine, openEngine, startFaultyTerraform } from './faulty-terraform.ts';
import { killedAtEveryWrite } from './lost-program.ts';
import type { Case, Table, World } from './table.ts';
import { arrive } from './trials.ts';

export type TerraformWorld = World & {
  name: string;
  write(files: Record<string, string>): void;
  /** What was made and destroyed so far, one word for each. */
  done(): string[];
  /** Lets what would write this word wait until it is let go. */
  hold(word: string): () => void;
  /** Somebody else's apply, as far as the state shows it. */
  changeState(): Promise<void>;
};

const nobody = 'It asks nobody: a module is written from what Reign knows.';
const own = ({ name }: TerraformWorld) => ({ path: name });
const none = { path: 'zz-none' };
const read: Case<TerraformWorld> = { request: own, missing: none, before: applied };

let shared: Promise<{ engine: Engine; folder: string }> | undefined;
let count = 0;

export async function closeTerraform(): Promise<void> {
  const { engine, folder } = (await shared) ?? {};
  await engine?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

/** One database for all trials; each has a workspace of its own. */
export const terraformTable: Table<TerraformWorld> = {
  tool: terraform,
  engine: 'the real terraform 1.11 and a real Postgres that keeps the states, through the real broker',
  refusals: [{ kind: 'answer', status: 403, body: '' }],
  broken: {
    troubles: [
      { kind: 'answer', status: 200, body: 'Something else answers here.' },
      { kind: 'reset' },
      { kind: 'cut' },
    ],
    codes: ['unreachable', 'unhealthy'],
  },
  killed: killedAtEveryWrite,
  cases: {
    'terraform.generate': {
      request: { provider: 'aws', resource: 'bucket' },
      missing: { provider: 'aws', resource: 'zz-none' },
      without: { 'no rights': nobody, 'time-out': nobody, 'broken answers': nobody },
    },
    'terraform.plan': read,
    'terraform.drift': read,
    'terraform.output': read,
    'terraform.state_list': read,
    // What could not be prepared, the check itself says it lacks.
    'terraform.validate': { request: own, missing: none, spares: /^RUN \/init$/ },
    'terraform.apply': { request: own, missing: none, meddle: (world) => world.changeState() },
    'terraform.destroy': {
      ...read,
      meddle: async ({ write }) => write({ 'more.tf': 'resource "terraform_data" "more" {}\n' }),
    },
  },
  async open() {
    shared ??= start();
    const { engine, folder } = await shared;
    count += 1;
    const name = `kind-${count}`;
    const id = `terraform:staging/${name}`;
    const place = join(folder, name);
    const log = join(folder, `${name}.log`);
    const faulty = startFaultyTerraform(engine);
    const bed = await openBed(
      [
        {
          kind: 'terraform',
          name,
          folder: place,
          terraform: { path: name, workspace: 'default', state: 'reign' },
        },
      ],
      { states: faulty.states, runs: faulty.runs, servers: [faulty] },
    );
    const write = (files: Record<string, string>) => {
      mkdirSync(place, { recursive: true });
      for (const [path, text] of Object.entries(files)) writeFileSync(join(place, path), text);
    };
    write({ 'main.tf': filesFor(log) });
    return {
      ...{ bed, name, write },
      done: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
      hold(word) {
        writeFileSync(`${log}.${word}`, '');
        return () => rmSync(`${log}.${word}`);
      },
      changeState: () => changeState(engine, id),
      close: () => bed.close(),
    };
  },
};

async function start() {
  // What Terraform waits before it asks again is for servers that come back.
  Object.assign(process.env, { TF_HTTP_RETRY_WAIT_MIN: '0', TF_HTTP_RETRY_WAIT_MAX: '0' });
  const folder = mkdtempSync(join(tmpdir(), 'reign-kinds-'));
  const sealer = createSealer(createMasterKeys({ file: join(folder, 'master.key') }));
  return { folder, engine: await openEngine(sealer) };
}

/** Two resources, one after the other, that write down when they are made and destroyed. */
function filesFor(log: string): string {
  const noting = (word: string) => {
    const waiting = `while [ -e ${log}.${word} ]; do sleep 0.02; done`;
    return `command = "${waiting}; echo ${word} >> ${log}"`;
  };
  const one = (name: string, more = '') => `resource "terraform_data" "${name}" {
  input = "${name}"
  ${more}
  provisioner "local-exec" {
    ${noting(`made-${name}`)}
  }
  provisioner "local-exec" {
    when = destroy
    ${noting(`gone-${name}`)}
  }
}
`;
  return `${one('first')}${one('second', 'depends_on = [terraform_data.first]')}output "first" {
  value = terraform_data.first.output
}
`;
}

async function applied({ bed, name }: TerraformWorld): Promise<void> {
  const given = await arrive(bed, apply, { path: name });
  await bed.call(apply, 'execute', { ...given, idempotencyKey: 'step-1' });
}

async function changeState(engine: Engine, id: string): Promise<void> {
  const states = engine.statesIn('pool');
  const fresh = {
    version: 4,
    terraform_version: '1.11.4',
    serial: 0,
    lineage: 'theirs',
    outputs: {},
    resources: [],
  };
  const state = JSON.parse((await states.read(id)) ?? JSON.stringify(fresh)) as typeof fresh;
  const step = 'step-9';
  await states.lock(id, { id: 'theirs', step, operation: 'OperationTypeApply', info: '{"ID":"theirs"}' });
  await states.write(id, JSON.stringify({ ...state, serial: state.serial + 1 }), { step, lock: 'theirs' });
  await states.unlock(id, { id: 'theirs', step });
}
