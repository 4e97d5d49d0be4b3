import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  ConnectionKind,
  EnvironmentView,
  GitopsView,
  WorkspaceView,
} from '../../../src/domain/environment.ts';
import type { AnyOperation, Preview } from '../../../src/domain/operation.ts';
import type { RunProgram } from '../../../src/domain/ports/reader.ts';
import { silentLogger } from '../../../src/domain/ports/runtime.ts';
import type { Grant, StepPhase } from '../../../src/domain/ports/sandbox.ts';
import type { TerraformStates } from '../../../src/domain/ports/terraform-states.ts';
import { createBroker } from '../../../src/sandbox/broker/index.ts';
import { runPhase } from '../../../src/sandbox/host/phases.ts';
import { createWriter } from '../../../src/sandbox/host/reader.ts';
import type { FaultyServer } from './faulty-server.ts';

// biome-ignore lint/suspicious/noExplicitAny: what phases take and return is of every kind.
export type Any = any;
export type Args = {
  request?: object;
  input?: Any;
  approved?: Preview;
  idempotencyKey?: string;
  undo?: Any;
  output?: Any;
};

/** The environment `staging`, whose connections lead to servers and folders through the real broker. */
export type Bed = {
  /** Runs one phase as a step does: with the grant of that phase, and with what enters and leaves it as JSON. */
  call(operation: AnyOperation, phase: StepPhase, args: Args): Promise<Any>;
  /** What the broker refused: nothing that an operation asks for may be outside of its rules. */
  refused: string[];
  servers: FaultyServer[];
  /** Ends the running call as its worker's end does: its programs are killed, and nobody answers it any more. */
  kill(): void;
  /** Tells the running call to end, as its worker does some time before the deadline. */
  stop(signal: NodeJS.Signals): void;
  close(): Promise<void>;
};

/** `environment`: staging where none is said. */
export type Place = { kind: ConnectionKind; name: string; environment?: string } & (
  | { server: FaultyServer; token?: string; holds?: string[] }
  | { folder: string; terraform?: WorkspaceView }
);

/** `runs`: stands before the programs of a step, among `servers` that no place leads to. */
export type Programs = {
  states?: TerraformStates;
  runs?(run: RunProgram): RunProgram;
  servers?: FaultyServer[];
};

/** `hurry`: how many times shorter operations sleep than they ask for; `hosts`: own hosts of staging, as `gitops` is. */
export async function openBed(
  places: readonly Place[],
  {
    hurry = 1,
    hosts = [],
    gitops,
    states,
    runs = (run) => run,
    servers: more = [],
  }: Programs & { hurry?: number; hosts?: string[]; gitops?: GitopsView } = {},
): Promise<Bed> {
  const folder = mkdtempSync(join(tmpdir(), 'reign-kinds-'));
  const environments = ['staging', 'production'].map((name) =>
    environmentOf(name, places, name === 'staging' ? { hosts, ...(gitops ? { gitops } : {}) } : {}),
  );
  const refused: string[] = [];
  const reached = places.flatMap((place) => ('server' in place ? [place.server] : []));
  const servers = [...new Set([...reached, ...more])];
  let running = { kill: () => {}, stop: (_: NodeJS.Signals) => {} };
  // What a program that was ended still asked for is refused like everything else.
  const warn = (detail: { why?: string }) =>
    detail.why === 'No call is running.' ? undefined : void refused.push(JSON.stringify(detail));
  const waiting = new Set<() => void>();
  for (const server of servers) {
    server.hangs = () => {
      for (const giveUp of waiting) giveUp();
    };
    // With the step go its programs and its way to the broker.
    server.kills = () => running.kill();
  }
  const broker = createBroker({
    ...{ environments, httpAllow: ['127.0.0.1'], logger: { ...silentLogger, warn } },
    ...(states === undefined ? {} : { terraform: states }),
    openSecret: async (reference) => `value of ${reference}`,
    credentials: {
      version: () => '1',
      access: async (id) => {
        const place = places.find((each) => idOf(each) === id);
        if (place === undefined) throw new Error(`no ${id}`);
        if ('folder' in place) return { url: '', folder: place.folder, secrets: [] };
        const headers = { authorization: `Bearer ${place.token ?? 'test-token'}` };
        return { url: place.server.url, headers, secrets: [] };
      },
    },
    waitForAnswer: (giveUp) => {
      waiting.add(giveUp);
      return () => waiting.delete(giveUp);
    },
  });
  const socketPath = join(folder, 'broker.sock');
  const workFolder = join(folder, 'work');
  mkdirSync(workFolder);
  const session = await broker.open(socketPath);
  const known = places.map((place) => ({ id: idOf(place), kind: place.kind }));
  return {
    ...{ refused, servers, kill: () => running.kill(), stop: (signal) => running.stop(signal) },
    async call(operation, phase, args) {
      const ended = new AbortController();
      const own = known.filter(({ kind }) => operation.connections.includes(kind)).map(({ id }) => id);
      const connections = operation.connections.includes('http') ? [...own, 'http:web'] : own;
      const end = session.activate(grantOf(operation, phase, args, connections));
      const stopped = new AbortController();
      const { signal } = stopped;
      const context = { connections, signal, ended: ended.signal, report: () => {} };
      const around = { environments, socketPath, workFolder, programs: true };
      const sleep = (milliseconds: number) => delay(milliseconds / hurry, undefined, { signal });
      const made = createWriter(around, context);
      const programs = made.runProgram === undefined ? {} : { runProgram: runs(made.runProgram) };
      const writer = { ...made, ...programs, sleep };
      running = {
        kill() {
          end();
          ended.abort();
        },
        stop: (stop) => stopped.abort(Object.assign(new Error('stopped'), { name: 'AbortError', stop })),
      };
      try {
        const value = await runPhase(operation, phase, throughJson(args), { reader: writer, writer });
        return throughJson(value ?? null);
      } finally {
        ended.abort();
        end();
      }
    },
    async close() {
      await session.close();
      await broker.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function grantOf(operation: AnyOperation, phase: StepPhase, args: Args, connections: string[]): Grant {
  const writes = phase === 'execute' || phase === 'restore';
  if (!writes || operation.effect === 'read') return { connections };
  const references = (operation.secrets ?? []).map((field) => args.input[field] as string);
  const secrets = {
    references,
    versions: {},
    scope: { environment: 'staging', tool: operation.id.split('.')[0] ?? '' },
  };
  const gate = async () => ({ ok: true as const });
  const step = args.idempotencyKey ?? 'undo';
  return { connections, write: { rules: operation.egress(args.input), gate, secrets, step } };
}

function environmentOf(
  name: string,
  places: readonly Place[],
  more: Pick<EnvironmentView, 'hosts' | 'gitops'>,
): EnvironmentView {
  const connections = places
    .filter((place) => environmentNameOf(place) === name)
    .map((place) => ({
      ...{ id: idOf(place), kind: place.kind, environment: name, name: place.name, demo: false },
      ...('holds' in place && place.holds !== undefined ? { holds: place.holds } : {}),
      ...('terraform' in place && place.terraform !== undefined ? { terraform: place.terraform } : {}),
    }));
  const tier = name === 'staging' ? 'nonproduction' : 'production';
  return { name, tier, aliases: [], connections, ...more };
}

function environmentNameOf({ environment = 'staging' }: Place): string {
  return environment;
}

function idOf(place: Place): string {
  return `${place.kind}:${environmentNameOf(place)}/${place.name}`;
}

function throughJson(value: unknown): Any {
  return JSON.parse(JSON.stringify(value));
}
