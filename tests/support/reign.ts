import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { eventSchema } from '../../src/cli/event-schema.ts';
import type { ChatEntry, PlanCard } from '../../src/domain/chat.ts';
import { cloneDatabase, type TestDatabase } from './database.ts';
import { startRedis, type TestRedis } from './redis.ts';

const root = path.resolve(import.meta.dirname, '../..');

export type Process = { child: ChildProcess; output(): string; ended: Promise<number | null> };

/** A whole Reign as a user runs it (built code, processes of its own) on a database and a Redis of the test's. */
export type TestReign = {
  dataDir: string;
  database: TestDatabase;
  redis: TestRedis;
  /** Starts `reign start`, in what `enter` leads to; resolves when it is up. */
  start(
    role: 'all' | 'gateway' | 'worker',
    env?: Record<string, string>,
    enter?: readonly string[],
  ): Promise<Process>;
  api(person?: string): Api;
  /** Runs the command line. */
  cli(
    ...args: string[]
  ): Promise<{ code: number | null; stdout: string; stderr: string; events: Record<string, unknown>[] }>;
  stop(): Promise<void>;
};

export type Api = {
  /** The address of the gateway and the token of its command line. */
  run(): Promise<{ url: string; token: string }>;
  call<T = unknown>(method: string, route: string, body?: unknown): Promise<{ status: number; body: T }>;
  ask(text: string, conversation?: string): Promise<{ message: string; conversation: string }>;
  entries(conversation: string): Promise<ChatEntry[]>;
  plan(id: string): Promise<PlanCard>;
  decide(
    plan: PlanCard,
    verdict?: 'approve' | 'reject',
    reason?: string,
  ): Promise<{ status: number; body: unknown }>;
  /** Waits until the message's reply is no longer "looking at it". */
  reply(sent: { message: string; conversation: string }): Promise<ChatEntry['body']>;
  /** Asks, and waits for the plan's card. */
  planFor(text: string, conversation?: string): Promise<PlanCard>;
  until(id: string, when: (plan: PlanCard) => boolean, milliseconds?: number): Promise<PlanCard>;
};

export async function createReign(options: { demoClusterDir?: string } = {}): Promise<TestReign> {
  const dataDir = options.demoClusterDir ?? (await mkdtemp(path.join(os.tmpdir(), 'reign-test-')));
  const [database, redis] = await Promise.all([cloneDatabase(), startRedis()]);
  const processes: Process[] = [];
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: dataDir,
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    REIGN_DATA_DIR: dataDir,
    NO_COLOR: '1',
  };
  return {
    dataDir,
    database,
    redis,
    async start(role, env = {}, enter = []) {
      const args = [path.join(root, 'dist/reign.js'), 'start', '--role', role, '--port', '0', '--no-install'];
      const started = run(args, { ...environment, ...env }, dataDir, enter);
      processes.push(started);
      await until(
        () => started.output().includes('Reign is up'),
        90_000,
        () => `reign ${role}: ${started.output()}`,
        started,
      );
      return started;
    },
    api: (person) => createApi(dataDir, person),
    async cli(...args) {
      let stdout = '';
      const child = run([path.join(root, 'dist/reign.js'), ...args], environment, dataDir);
      child.child.stdout?.on('data', (data: Buffer) => {
        stdout += data.toString();
      });
      const code = await child.ended;
      const events = stdout
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => eventSchema.parse(JSON.parse(line)) as Record<string, unknown>);
      return { code, stdout, stderr: child.output(), events };
    },
    async stop() {
      for (const { child } of processes) if (child.exitCode === null) child.kill('SIGTERM');
      const late = setTimeout(() => {
        for (const { child } of processes) child.kill('SIGKILL');
      }, 20_000);
      await Promise.all(processes.map(({ ended }) => ended));
      clearTimeout(late);
      await endDemoCluster(dataDir);
      await redis.stop();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function run(
  args: string[],
  env: Record<string, string>,
  cwd: string,
  enter: readonly string[] = [],
): Process {
  const [command = '', ...rest] = [...enter, process.execPath, ...args];
  const child = spawn(command, rest, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => {
      output += data.toString();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, output: () => output, ended };
}

/** A gateway that was killed leaves the demo clusters running, for the next start to adopt. */
async function endDemoCluster(dataDir: string): Promise<void> {
  const text = await readFile(path.join(dataDir, 'demo-cluster', 'run.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const { pid } = JSON.parse(text) as { pid: number };
  try {
    process.kill(pid, 'SIGTERM');
    await until(
      () => !alive(pid),
      5_000,
      () => 'the demo clusters do not end',
    );
  } catch {
    // It has ended by itself.
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export function createApi(dataDir: string, person?: string): Api {
  const run: Api['run'] = async () =>
    JSON.parse(await readFile(path.join(dataDir, 'run.json'), 'utf8')) as never;
  const call: Api['call'] = async (method, route, body) => {
    const { url, token } = await run();
    const response = await fetch(`${url}/api/v1${route}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(person === undefined ? {} : { 'x-reign-as': person }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as never };
  };
  const api: Api = {
    run,
    call,
    async ask(text, conversation) {
      const key = crypto.randomUUID();
      const sent = await call<{ message: string; conversation: string }>('POST', '/messages', {
        text,
        key,
        conversation,
      });
      if (sent.status !== 202) throw new Error(JSON.stringify(sent.body));
      return sent.body;
    },
    entries: async (id) => (await call<{ entries: ChatEntry[] }>('GET', `/conversations/${id}`)).body.entries,
    plan: async (id) => (await call<{ plan: PlanCard }>('GET', `/plans/${id}`)).body.plan,
    decide: ({ id, revision }, verdict = 'approve', reason) =>
      call('POST', `/plans/${id}/decisions`, { revision, verdict, reason }),
    async reply(sent) {
      let body: ChatEntry['body'] | undefined;
      await until(
        async () => {
          body = (await api.entries(sent.conversation)).find(({ key }) => key === `r-${sent.message}`)?.body;
          return body !== undefined && body.kind !== 'working';
        },
        30_000,
        () => `no reply to ${sent.message}: ${JSON.stringify(body)}`,
      );
      return body as ChatEntry['body'];
    },
    async planFor(text, conversation) {
      const body = await api.reply(await api.ask(text, conversation));
      if (body.kind !== 'plan') throw new Error(`"${text}" became no plan: ${JSON.stringify(body)}`);
      return body.plan;
    },
    async until(id, when, milliseconds = 60_000) {
      let plan = await api.plan(id);
      await until(
        async () => {
          plan = await api.plan(id);
          return when(plan);
        },
        milliseconds,
        () => `plan ${id} is ${plan.state}: ${JSON.stringify(plan)}`,
      );
      return plan;
    },
  };
  return api;
}

/** Polls until something holds; the message of a failure is made when it fails. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  milliseconds: number,
  failure: () => string,
  process?: Process,
): Promise<void> {
  const end = Date.now() + milliseconds;
  for (;;) {
    // Reign may be away for a moment (a test has just killed it).
    if (await Promise.resolve(holds()).catch(() => false)) return;
    if (Date.now() > end || (process && process.child.exitCode !== null)) throw new Error(failure());
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
