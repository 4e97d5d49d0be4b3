import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { z } from 'zod';
import type { EnvironmentView, WorkspaceView } from '../../../src/domain/environment.ts';
import { FaultError } from '../../../src/domain/fault.ts';
import type { Json } from '../../../src/domain/json.ts';
import type { AnyOperation, ExecuteContext, Preview } from '../../../src/domain/operation.ts';
import type { CredentialSource } from '../../../src/domain/ports/credentials.ts';
import type { Reader, Writer } from '../../../src/domain/ports/reader.ts';
import { silentLogger } from '../../../src/domain/ports/runtime.ts';
import type { Grant } from '../../../src/domain/ports/sandbox.ts';
import type { TerraformStates } from '../../../src/domain/ports/terraform-states.ts';
import { baseUrlOf } from '../../../src/sandbox/broker/connection-name.ts';
import { type BrokerSession, createBroker } from '../../../src/sandbox/broker/index.ts';
import type { Lookup } from '../../../src/sandbox/broker/probe/addresses.ts';
import { copyFolder } from '../../../src/sandbox/host/copy-folder.ts';
import { openForwarder } from '../../../src/sandbox/host/forwarder.ts';
import { createRunProgram } from '../../../src/sandbox/host/run-program.ts';
import { createTerraformStates } from '../../../src/store/terraform-states.ts';
import { createMasterKeys } from '../../../src/vault/master-keys.ts';
import { createSealer } from '../../../src/vault/seal.ts';
import { cloneDatabase } from '../../support/database.ts';

/** Why the tests of Terraform cannot run here; undefined when they can. */
export function missingForTerraform(): string | undefined {
  const found = ['terraform', 'tofu'].some((program) => spawnSync(program, ['version']).status === 0);
  return found ? undefined : 'neither terraform nor tofu is installed';
}

/** Workspaces in folders of their own, a real broker and a real database; steps run as they do inside. */
export type TerraformBed = {
  pool: pg.Pool;
  states: TerraformStates;
  id(name: string): string;
  /** Writes files of a workspace; a text of undefined removes one. */
  write(name: string, files: Record<string, string | undefined>): void;
  /** A step that may only look. */
  look<T>(work: (reader: Reader) => Promise<T>): Promise<T>;
  /** A step that may write what the operation's egress names. */
  act<T>(
    operation: AnyOperation,
    input: unknown,
    key: string,
    work: (writer: Writer) => Promise<T>,
  ): Promise<T>;
  /** Stops what runs, as a worker does. */
  stop(signal: 'SIGINT' | 'SIGTERM'): void;
  reports: string[];
  close(): Promise<void>;
};

export type BedOptions = {
  view?: Partial<WorkspaceView>;
  cloud?: CredentialSource['cloud'];
  lookup?: Lookup;
};

export async function openTerraformBed(
  names: readonly string[],
  more: BedOptions = {},
): Promise<TerraformBed> {
  const folder = mkdtempSync(join(tmpdir(), 'reign-terraform-'));
  const id = (name: string) => `terraform:staging/${name}`;
  const environments = [environmentWith(names, folder, more.view ?? {})];
  const database = await cloneDatabase();
  const pool = new pg.Pool({ connectionString: database.url });
  const keys = createMasterKeys({ file: join(folder, 'master.key') });
  const states = createTerraformStates(pool, createSealer(keys));
  const access = async (connection: string) => {
    const name = connection.split('/').at(-1) ?? '';
    return { url: '', folder: join(folder, name), secrets: [] };
  };
  const credentials = { access, version: () => '1', ...(more.cloud ? { cloud: more.cloud } : {}) };
  const broker = createBroker({
    ...{ environments, credentials, httpAllow: [], logger: silentLogger },
    openSecret: async () => '',
    ...(more.lookup ? { lookup: more.lookup } : {}),
    terraform: states,
  });
  const socketPath = join(folder, 'broker.sock');
  const session = await broker.open(socketPath);
  const workFolder = join(folder, 'work');
  mkdirSync(workFolder);
  const reports: string[] = [];
  let controller = new AbortController();
  const writerOf = (): Writer => {
    controller = new AbortController();
    return writerOver({ environments, socketPath, workFolder, reports, signal: controller.signal });
  };
  return {
    ...{ pool, states, id, reports },
    write: (name, files) => writeFiles(join(folder, name), files),
    look: (work) => during(session, { connections: names.map(id) }, () => work(writerOf())),
    act: (operation, input, key, work) => {
      const write = { rules: operation.egress(input), gate: async () => ({ ok: true as const }), step: key };
      return during(session, { connections: names.map(id), write }, () => work(writerOf()));
    },
    stop: (stop) => controller.abort(Object.assign(new Error('stopped'), { name: 'AbortError', stop })),
    async close() {
      await session.close();
      await broker.close();
      await pool.end();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves a request to input, or fails the test with what was asked instead. */
export async function resolved(bed: TerraformBed, operation: AnyOperation, request: object) {
  const resolution = await bed.look((reader) => operation.resolve(operation.request.parse(request), reader));
  if (resolution.kind !== 'input') throw new Error(`not resolved: ${JSON.stringify(resolution)}`);
  return operation.input.parse(resolution.input);
}

export function previewed(bed: TerraformBed, operation: AnyOperation, input: unknown): Promise<Preview> {
  return bed.look((reader) => operation.preview(input, reader));
}

/** Resolves, previews, executes and verifies, as the engine does. */
export async function carriedOut<Output>(
  bed: TerraformBed,
  operation: Giving<Output>,
  request: object,
  key: string,
) {
  const input = await resolved(bed, operation, request);
  const approved = await previewed(bed, operation, input);
  const context: ExecuteContext = { approved, idempotencyKey: key };
  const output = await executed(bed, operation, input, context);
  const verification = await bed.look((reader) =>
    operation.verify(input, reader, { ...context, output: output as Json }),
  );
  return { input, approved, context, output, verification };
}

export async function executed<Output>(
  bed: TerraformBed,
  operation: Giving<Output>,
  input: unknown,
  context: ExecuteContext,
) {
  const run = (writer: Writer) => operation.execute(input, writer, context);
  return operation.output.parse(await bed.act(operation, input, context.idempotencyKey, run));
}

type Giving<Output> = Omit<AnyOperation, 'output'> & { output: z.ZodType<Output> };

/** What a read shows. */
export async function readBy<Output>(bed: TerraformBed, operation: Giving<Output>, request: object) {
  const input = await resolved(bed, operation, request);
  const context = { approved: undefined, idempotencyKey: 'read' };
  const output = operation.output.parse(
    await bed.look((reader) => operation.execute(input, reader as Writer, context)),
  );
  return { input, output, rendered: operation.render(output, input) };
}

function environmentWith(
  names: readonly string[],
  folder: string,
  view: Partial<WorkspaceView>,
): EnvironmentView {
  const connections = names.map((name) => ({
    ...{
      id: `terraform:staging/${name}`,
      kind: 'terraform' as const,
      environment: 'staging',
      name,
      demo: false,
    },
    terraform: { path: join(folder, name), workspace: 'default', state: 'reign' as const, ...view },
  }));
  return { name: 'staging', tier: 'nonproduction', aliases: ['stg'], connections };
}

async function during<T>(session: BrokerSession, grant: Grant, work: () => Promise<T>): Promise<T> {
  const end = session.activate(grant);
  try {
    return await work();
  } finally {
    end();
  }
}

type Around = {
  environments: readonly EnvironmentView[];
  socketPath: string;
  workFolder: string;
  reports: string[];
  signal: AbortSignal;
};

function writerOver({ environments, socketPath, workFolder, reports, signal }: Around): Writer {
  const connect = (id: string) => {
    const owner = environments.find(({ connections }) => connections.some((each) => each.id === id));
    if (owner === undefined) throw new FaultError('not-found', `No connection ${id}.`);
    return { id, environment: owner.name, socketPath, baseUrl: baseUrlOf(id) };
  };
  return {
    ...{ environments, workFolder, signal, writes: true as const, connect },
    now: () => new Date(),
    sleep: (milliseconds) => delay(milliseconds, undefined, { signal }),
    report: (line) => reports.push(line),
    copyFolder: (id, below, into) => copyFolder(connect(id), below, into, signal),
    forward: (id, mayAsk) => openForwarder(connect(id), mayAsk),
    runProgram: createRunProgram(workFolder, signal),
  };
}

function writeFiles(folder: string, files: Record<string, string | undefined>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    if (text === undefined) rmSync(path, { force: true });
    else writeFileSync(path, text);
  }
}
