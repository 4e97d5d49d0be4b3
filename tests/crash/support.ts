import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import type { PlanCard } from '../../src/domain/chat.ts';
import { type Api, createReign, type Process, type TestReign, until } from '../support/reign.ts';

export type Role = 'gateway' | 'worker';

export type Deployment = {
  generation: number;
  replicas: number;
  image: string;
  restartedAt: string | undefined;
};

/** A gateway and a worker that may be killed, with small deployments of their own in the namespace `crash`. */
export type Scene = {
  reign: TestReign;
  processes: Record<Role, Process>;
  /** Ends processes with SIGKILL, and returns when they are gone. */
  kill(roles: readonly Role[]): Promise<void>;
  start(roles: readonly Role[], env?: Record<string, string>): Promise<void>;
  /** Sends a message with one key until a gateway has taken it. */
  say(text: string): Promise<Sent>;
  /** Waits until a message has become a plan that asks for approval. */
  planOf(sent: Sent): Promise<PlanCard>;
  /** Says, and waits for the card. */
  plan(text: string): Promise<PlanCard>;
  /** Decides for whatever waits in these threads, until nothing is under way in them any more. */
  finish(sent: readonly Sent[], milliseconds?: number): Promise<void>;
  deployment(name: string): Promise<Deployment>;
  rows<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  /** What does not hold of all that must hold once nothing is under way in these threads. */
  brokenPromises(sent: readonly Sent[]): Promise<string[]>;
  stop(): Promise<void>;
};

export type Sent = { message: string; conversation: string };

/** Deployments come in lanes of five, so that runs which share the processes do not share their targets. */
export const lanes = ['a', 'b'].map((lane) => [1, 2, 3, 4, 5].map((number) => `svc-${lane}${number}`));

/** Short, so that what a lost worker held is soon somebody else's. */
export const leaseSeconds = 2;

export async function createScene(env: Record<string, string> = {}): Promise<Scene> {
  const reign = await createReign();
  const settings = { REIGN_LEASE_SECONDS: String(leaseSeconds), ...env };
  const gateway = await reign.start('gateway', settings);
  const worker = await reign.start('worker', settings);
  const scene = sceneOf(reign, { gateway, worker }, settings);
  await makeDeployments(reign.dataDir, lanes.flat());
  return scene;
}

function sceneOf(
  reign: TestReign,
  processes: Record<Role, Process>,
  settings: Record<string, string>,
): Scene {
  const database = new pg.Pool({ connectionString: settings['DATABASE_URL'] ?? reign.database.url, max: 2 });
  database.on('error', () => {});
  const rows = async <Row>(text: string, values: unknown[] = []) =>
    (await database.query(text, values)).rows as Row[];
  const api = reign.api();
  const scene: Scene = {
    reign,
    processes,
    rows,
    async kill(roles) {
      for (const role of roles) processes[role].child.kill('SIGKILL');
      await Promise.all(roles.map((role) => processes[role].ended));
    },
    async start(roles, env = {}) {
      const start = async (role: Role) => {
        processes[role] = await reign.start(role, { ...settings, ...env });
      };
      await Promise.all(roles.map(start));
    },
    async say(text) {
      const key = crypto.randomUUID();
      let sent: Sent | undefined;
      await until(
        async () => {
          const { status, body } = await api.call<Sent>('POST', '/messages', { text, key });
          if (status === 202) sent = body;
          return status === 202;
        },
        30_000,
        () => `nobody takes "${text}"`,
      );
      return sent as Sent;
    },
    async planOf(sent) {
      const body = await api.reply(sent);
      if (body.kind !== 'plan') throw new Error(`${sent.message} became no plan: ${JSON.stringify(body)}`);
      return body.plan;
    },
    plan: async (text) => scene.planOf(await scene.say(text)),
    async finish(sent, milliseconds = 60_000) {
      let left: unknown[] = [];
      await until(
        async () => {
          // In this order: a message is done in the moment that its plan is there.
          const unread = await rows(`select id, state from messages where state <> 'done' and id = any($1)`, [
            sent.map(({ message }) => message),
          ]);
          const open = await rows<{ id: string; revision: number; state: string }>(
            `select id, revision, state from plans where ended_at is null and conversation_id = any($1)`,
            [threadsOf(sent)],
          );
          left = [...open, ...unread];
          for (const { id, revision, state } of open) {
            if (state !== 'waiting-for-approval') continue;
            await api.call('POST', `/plans/${id}/decisions`, { revision, verdict: 'approve' });
          }
          return left.length === 0;
        },
        milliseconds,
        () => `still under way after ${milliseconds / 1000} s: ${JSON.stringify(left)}`,
      );
    },
    deployment: (name) => readDeployment(reign.dataDir, name),
    brokenPromises: (sent) => brokenPromises({ rows, api }, sent),
    async stop() {
      await database.end();
      await reign.stop();
    },
  };
  return scene;
}

function threadsOf(sent: readonly Sent[]): string[] {
  return sent.map(({ conversation }) => conversation);
}

/** Each finds rows that must not be there; $1 is a list of conversations. */
const leftovers: Record<string, string> = {
  'messages without an answer': `select id, state from messages where state <> 'done' and conversation_id = any($1)`,
  'messages without a reply': `select id from messages m where conversation_id = any($1)
     and not exists (select from chat_entries e where e.key = 'r-' || m.id)`,
  'entries that still say "looking at it"': `select key from chat_entries
     where kind = 'working' and conversation_id = any($1)`,
  'plans that did not end': `select id, state from plans where ended_at is null and conversation_id = any($1)`,
  'steps that did not end': `select s.id, s.plan_id, s.state from steps s join plans p on p.id = s.plan_id
     where p.conversation_id = any($1) and (lease_until is not null or worker is not null or s.ended_at is null)`,
  'locks that nobody will release': `select target, plan_id from locks l join plans p on p.id = l.plan_id
     where p.conversation_id = any($1)`,
  'changes without a last message': `select id from plans p where conversation_id = any($1)
     and exists (select from steps s where s.plan_id = p.id and s.risk ->> 'effect' <> 'read')
     and not exists (select from chat_entries e where e.key = 'final-' || p.id)`,
  'messages that became several plans': `select message_id from plans
     where conversation_id = any($1) group by 1 having count(*) > 1`,
  'scripts that were begun twice': `select s.id from audit_events e join audit_payloads a using (chain, seq)
     join steps s on s.id = a.payload::json ->> 'step' join plans p on p.id = s.plan_id
     where p.conversation_id = any($1) and e.type = 'step.running' and s.operation = 'shell.run'
     group by 1 having count(*) > 1`,
};

export async function brokenPromises(
  { rows, api }: { rows: Scene['rows']; api: Pick<Api, 'call'> },
  sent: readonly Sent[],
): Promise<string[]> {
  const broken: string[] = [];
  for (const [what, query] of Object.entries(leftovers)) {
    const found = await rows(query, [threadsOf(sent)]);
    if (found.length > 0) broken.push(`${what}: ${JSON.stringify(found)}`);
  }
  let report: unknown;
  // The gateway may be away for a moment: another lane has just killed it.
  await until(
    async () => {
      const { status, body } = await api.call<{ ok: boolean }>('POST', '/audit/verify', {});
      report = body;
      return status === 200;
    },
    30_000,
    () => `the audit could not be verified: ${JSON.stringify(report)}`,
  );
  if (!(report as { ok: boolean }).ok) broken.push(`the audit does not verify: ${JSON.stringify(report)}`);
  return broken;
}

type Kubernetes = {
  metadata: { generation: number };
  spec: {
    replicas: number;
    template: {
      metadata: { annotations?: Record<string, string> };
      spec: { containers: { image: string }[] };
    };
  };
};

export async function readDeployment(dataDir: string, name: string): Promise<Deployment> {
  const { metadata, spec } = (await kube(dataDir, 'GET', `${folder}/${name}`)) as Kubernetes;
  return {
    generation: metadata.generation,
    replicas: spec.replicas,
    image: spec.template.spec.containers[0]?.image ?? '',
    restartedAt: spec.template.metadata.annotations?.['kubectl.kubernetes.io/restartedAt'],
  };
}

const folder = '/apis/apps/v1/namespaces/crash/deployments';

/** Small deployments with one replica each, in the namespace `crash` of staging. */
export async function makeDeployments(dataDir: string, names: readonly string[]): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'crash' } };
  await kube(dataDir, 'POST', '/api/v1/namespaces', namespace);
  for (const name of names) {
    const labels = { app: name };
    const template = {
      metadata: { labels },
      spec: { containers: [{ name, image: `registry.demo/${name}:1.0.0` }] },
    };
    const spec = { replicas: 1, selector: { matchLabels: labels }, template };
    await kube(dataDir, 'POST', folder, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec,
    });
  }
}

/** A request to the staging cluster as its administrator. */
export async function kube(dataDir: string, method: string, route: string, body?: object): Promise<unknown> {
  const text = await readFile(path.join(dataDir, 'demo-cluster', 'run.json'), 'utf8');
  const { clusters } = JSON.parse(text) as { clusters: { name: string; url: string; token: string }[] };
  const staging = clusters.find(({ name }) => name === 'staging');
  if (!staging) throw new Error('there is no staging cluster');
  const answer = await fetch(staging.url + route, {
    method,
    headers: {
      authorization: `Bearer ${staging.token}`,
      'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${route}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
