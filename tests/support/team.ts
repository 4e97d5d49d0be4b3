import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import * as vitest from 'vitest';
import type { ChatEntry, PlanCard } from '../../src/domain/chat.ts';
import { sha256 } from '../../src/domain/json.ts';
import { findProgram } from '../../src/sandbox/programs.ts';
import { createReign, type Process, type TestReign, until } from './reign.ts';

const missing = ['bwrap', 'kubectl'].filter((program) => !findProgram(program));
if (missing.length > 0)
  console.warn(`NOT TESTED: a configured Reign needs ${missing.join(' and ')} on PATH.`);

/** vitest's own, or the one that skips where a configured Reign cannot run. */
export const describe =
  missing.length > 0 ? (vitest.describe.skip as typeof vitest.describe) : vitest.describe;
export const it = missing.length > 0 ? (vitest.it.skip as typeof vitest.it) : vitest.it;

const team = `
people:
  - { name: alice, roles: [operator], slack: T01TEST/U01ALICE }
  - { name: bob, roles: [lead], slack: T01TEST/U02BOB }
  - { name: carol, roles: [lead], slack: T01TEST/U03CAROL }
  - { name: vic, roles: [viewer], slack: T01TEST/U04VIC }
  - { name: sam, roles: [operator@staging] }
  - { name: lea, roles: [lead@staging] }
  - { name: remote, roles: [lead], slack: T01TEST/U07REMOTE, local: false }
environments:
  staging:    { tier: nonproduction, aliases: [stg], clusters: { main: { demo: true } } }
  production: { tier: production, aliases: [prod], clusters: { main: { demo: true } } }
`;

export type Answer<Body> = { status: number; headers: Headers; body: Body };

/** A person with a session in a browser. */
export type Visitor = {
  cookie: string;
  request<Body = { fault: { code: string; message: string } }>(
    method: string,
    route: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<Body>>;
  decide(
    plan: PlanCard,
    verdict?: string,
    revision?: number,
  ): Promise<Answer<{ state?: string; fault?: { message: string } }>>;
  planFor(text: string, conversation?: string): Promise<PlanCard>;
  entryFor(text: string, conversation?: string): Promise<{ conversation: string; body: ChatEntry['body'] }>;
  plan(id: string): Promise<PlanCard>;
  until(id: string, when: (plan: PlanCard) => boolean): Promise<PlanCard>;
};

export type Team = {
  reign: TestReign;
  process: Process;
  url: string;
  /** The command line's token. */
  token: string;
  /** The owner of the database: what somebody who broke into it could do. */
  sql<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  as(person: string): Promise<Visitor>;
  /** What kubectl prints, in the namespace shop of a demo cluster (staging, if nothing else is said). */
  kubectl(args: readonly string[], how?: { environment?: string; input?: string }): string;
  replicas(environment: string, name: string): number;
  events(plan: string, type: string): Promise<number>;
  stop(): Promise<void>;
};

/** A configured Reign (no demo people to switch between) on two demo clusters, with several people in it. */
export async function startTeam(
  more = '',
  env: Record<string, string> = {},
  change = (yaml: string) => yaml,
  prepare: (dataDir: string) => Promise<void> = async () => {},
): Promise<Team> {
  const reign = await createReign();
  await writeFile(path.join(reign.dataDir, 'reign.yaml'), change(team) + more);
  await prepare(reign.dataDir);
  const process = await reign.start('all', env);
  const { url, token } = JSON.parse(await readFile(path.join(reign.dataDir, 'run.json'), 'utf8')) as {
    url: string;
    token: string;
  };
  const pool = new pg.Pool({ connectionString: reign.database.url, max: 2 });
  // A test may end the connections of its own database.
  pool.on('error', () => {});
  const sql: Team['sql'] = async (text, values = []) => (await pool.query(text, [...values])).rows as never;
  const kubectl: Team['kubectl'] = (args, { environment = 'staging', input } = {}) => {
    const { dataDir } = reign;
    const config = path.join(dataDir, 'demo.kubeconfig');
    const env = { PATH: globalThis.process.env['PATH'], HOME: dataDir, KUBECONFIG: config };
    const place = ['--context', environment, '-n', 'shop'];
    return execFileSync('kubectl', [...place, ...args], { env, input }).toString();
  };
  return {
    reign,
    process,
    kubectl,
    url,
    token,
    sql,
    as: async (person) => visitor(url, await beginSession(sql, person)),
    replicas: (environment, name) =>
      Number(kubectl(['get', 'deploy', name, '-o', 'jsonpath={.spec.replicas}'], { environment })),
    events: async (plan, type) =>
      (await sql('select from audit_events where chain = $1 and type = $2', [`plan:${plan}`, type])).length,
    async stop() {
      await pool.end();
      await reign.stop();
    },
  };
}

async function beginSession(sql: Team['sql'], person: string): Promise<string> {
  const token = randomBytes(16).toString('hex');
  await sql(
    `insert into sessions (token_hash, person, created_at, expires_at) values ($1, $2, now(), now() + '1 hour')`,
    [sha256(token), person],
  );
  return `reign_session=${token}`;
}

/** The first of the people whose word counts approves, where anybody's is waited for. */
export async function approve(plan: PlanCard, ...people: readonly Visitor[]): Promise<void> {
  if (plan.state !== 'waiting-for-approval') return;
  for (const person of people) if ((await person.decide(plan)).status === 200) return;
}

function visitor(url: string, cookie: string): Visitor {
  const request: Visitor['request'] = async (method, route, body, headers = {}) => {
    const response = await fetch(`${url}/api/v1${route}`, {
      method,
      headers: {
        cookie,
        'x-reign': '1',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as never };
  };
  const self: Visitor = {
    cookie,
    request,
    decide: ({ id, revision }, verdict = 'approve', shown = revision) =>
      request('POST', `/plans/${id}/decisions`, { revision: shown, verdict }),
    plan: async (id) => (await request<{ plan: PlanCard }>('GET', `/plans/${id}`)).body.plan,
    async entryFor(text, conversation) {
      const message = { text, key: crypto.randomUUID(), conversation };
      const sent = await request<{ message: string; conversation: string }>('POST', '/messages', message);
      if (sent.status !== 202) throw new Error(JSON.stringify(sent.body));
      let body: ChatEntry['body'] | undefined;
      const settled = async () => {
        const view = await request<{ entries: ChatEntry[] }>(
          'GET',
          `/conversations/${sent.body.conversation}`,
        );
        body = view.body.entries.find(({ key }) => key === `r-${sent.body.message}`)?.body;
        return body !== undefined && body.kind !== 'working';
      };
      await until(settled, 30_000, () => `no reply to "${text}": ${JSON.stringify(body)}`);
      return { conversation: sent.body.conversation, body: body as ChatEntry['body'] };
    },
    async planFor(text, conversation) {
      const { body } = await self.entryFor(text, conversation);
      if (body.kind !== 'plan') throw new Error(`"${text}" became no plan: ${JSON.stringify(body)}`);
      return body.plan;
    },
    async until(id, when) {
      let plan = await self.plan(id);
      const holds = async () => {
        plan = await self.plan(id);
        return when(plan);
      };
      await until(holds, 45_000, () => `plan ${id}: ${JSON.stringify(plan)}`);
      return plan;
    },
  };
  return self;
}
