import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/*
 * What stands here is no GitHub: the emulator has no workflows to run, so this server in front of it acts the part,
 * after GitHub's documentation. Real GitHub was not reached.
 */

export type ActedWorkflow = { id: number; name: string; path: string; state: string };

export type ActedRun = {
  id: number;
  name: string;
  workflow_id: number;
  run_attempt: number;
  head_branch: string;
  head_sha: string;
  event: string;
  status: string;
  conclusion: string | null;
  html_url: string;
  created_at: string;
  updated_at: string;
  actor: { login: string };
  /** Environments that wait for an approval, and what was said. */
  gates: { id: number; name: string; mayApprove: boolean }[];
  approvals: { comment: string }[];
};

export type ActedActions = {
  url: string;
  workflows: ActedWorkflow[];
  runs: ActedRun[];
  /** How the next runs end. */
  conclusion: string;
  /** Milliseconds that a run is queued, and then goes on. */
  pace: number;
  /** The commit that a run starts on, in place of the ref's. */
  moveTo: string | undefined;
  add(run: Partial<ActedRun>): ActedRun;
  close(): Promise<void>;
};

/** Acts GitHub Actions for every repository; everything else goes on to `upstream`. */
export async function actActions(upstream: string): Promise<ActedActions> {
  const timers = new Set<NodeJS.Timeout>();
  const acted: ActedActions = {
    ...{ url: '', workflows: [], runs: [], conclusion: 'success', pace: 50, moveTo: undefined },
    add: (run) => add(acted, run),
    async close() {
      for (const timer of timers) clearTimeout(timer);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const later = (run: ActedRun): void => {
    const at = (delay: number, change: () => void) => timers.add(setTimeout(change, delay));
    Object.assign(run, { status: 'queued', conclusion: null });
    // One after the other: of timers that are late together, any may come first.
    at(acted.pace, () => {
      if (run.status === 'queued') run.status = 'in_progress';
      at(acted.pace, () => {
        if (run.status === 'in_progress') end(run, acted.conclusion);
      });
    });
  };
  const server = createServer((request, response) => {
    handle(acted, upstream, later, request, response).catch((error: unknown) =>
      response.writeHead(500).end(JSON.stringify({ message: String(error) })),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  acted.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return acted;
}

async function handle(
  acted: ActedActions,
  upstream: string,
  later: (run: ActedRun) => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', upstream);
  const [, , , area, kind, id, what] = pathname.slice(1).split('/');
  const body = await bodyOf(request);
  const answer = (status: number, data?: object) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(data && JSON.stringify(data));
  if (area !== 'actions') return forward(upstream, request, body, response);
  const run = kind === 'runs' ? acted.runs.find((each) => each.id === Number(id)) : undefined;
  const workflow = kind === 'workflows' ? acted.workflows.find((each) => each.id === Number(id)) : undefined;
  if (id !== undefined && run === undefined && workflow === undefined)
    return void answer(404, { message: 'Not Found' });
  if (kind === 'workflows' && id === undefined)
    return void answer(200, { total_count: acted.workflows.length, workflows: acted.workflows });
  if (workflow && what === undefined) return void answer(200, workflow);
  if (workflow && what === 'dispatches') {
    const { ref } = JSON.parse(body.toString()) as { ref: string };
    const head_sha = acted.moveTo ?? (await commitOf(upstream, pathname, ref, request));
    later(
      add(acted, {
        workflow_id: workflow.id,
        name: workflow.name,
        event: 'workflow_dispatch',
        head_branch: ref,
        head_sha,
      }),
    );
    return void answer(204);
  }
  if (run === undefined) {
    const runs = acted.runs.filter((each) => workflow === undefined || each.workflow_id === workflow.id);
    return void answer(200, { total_count: runs.length, workflow_runs: [...runs].reverse() });
  }
  if (what === undefined) return void answer(200, run);
  if (what === 'jobs') return void answer(200, { total_count: 1, jobs: [jobOf(run)] });
  if (what === 'approvals') return void answer(200, run.approvals);
  if (what === 'pending_deployments') {
    if (request.method === 'POST') pass(run, JSON.parse(body.toString()), later);
    return void answer(200, run.gates.map(pendingOf));
  }
  if (what === 'cancel') {
    if (run.status === 'completed')
      return void answer(409, { message: 'Cannot cancel a workflow run that is completed.' });
    end(run, 'cancelled');
    return void answer(202, {});
  }
  if (run.status !== 'completed') return void answer(403, { message: 'This workflow is already running' });
  run.run_attempt += 1;
  later(run);
  answer(201, {});
}

function add(acted: ActedActions, run: Partial<ActedRun>): ActedRun {
  const id = 1000 + acted.runs.length;
  const now = new Date().toISOString();
  const made: ActedRun = {
    ...{ id, name: 'ci', workflow_id: 1, run_attempt: 1, head_branch: 'main', head_sha: 'a'.repeat(40) },
    ...{ event: 'push', status: 'completed', conclusion: 'success', created_at: now, updated_at: now },
    ...{ html_url: `https://github.test/acme/web/actions/runs/${id}`, actor: { login: 'ann' } },
    ...{ gates: [], approvals: [] },
    ...run,
  };
  acted.runs.push(made);
  return made;
}

function pass(
  run: ActedRun,
  { environment_ids, comment }: { environment_ids: number[]; comment: string },
  later: (run: ActedRun) => void,
): void {
  run.gates = run.gates.filter(({ id }) => !environment_ids.includes(id));
  run.approvals.push({ comment });
  if (run.gates.length === 0) later(run);
}

function pendingOf({ id, name, mayApprove }: ActedRun['gates'][number]): object {
  return { environment: { id, name }, wait_timer: 0, current_user_can_approve: mayApprove, reviewers: [] };
}

function end(run: ActedRun, conclusion: string): void {
  Object.assign(run, { status: 'completed', conclusion, updated_at: new Date().toISOString() });
}

function jobOf({ status, conclusion }: ActedRun): object {
  return { name: 'build', status, conclusion, steps: [{ name: 'npm test', conclusion }] };
}

async function commitOf(
  upstream: string,
  pathname: string,
  ref: string,
  { headers }: IncomingMessage,
): Promise<string> {
  const repository = pathname.split('/').slice(0, 4).join('/');
  const address = `${upstream}${repository}/commits/${ref}`;
  const answer = await fetch(address, { headers: { authorization: headers.authorization ?? '' } });
  return ((await answer.json()) as { sha: string }).sha;
}

async function forward(
  upstream: string,
  { method = 'GET', url = '/', headers }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const passed = ['authorization', 'content-type', 'accept'].flatMap((name): [string, string][] => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  const sent = body.length > 0 ? { body: new Uint8Array(body) } : {};
  const answer = await fetch(`${upstream}${url}`, { method, headers: passed, ...sent });
  const type = answer.headers.get('content-type') ?? 'application/json';
  response.writeHead(answer.status, { 'content-type': type }).end(Buffer.from(await answer.arrayBuffer()));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
