import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ConnectionKind, ConnectionView } from '../../domain/environment.ts';
import { type Fault, fault, toFault } from '../../domain/fault.ts';
import { answerFault, answerJson } from './answers.ts';
import { judgeApi } from './api.ts';
import { hasBody, largestRequestBytes, readBody, streamBody } from './body.ts';
import { connectionOfHost } from './connection-name.ts';
import { judgeDocker } from './docker.ts';
import { isBuild } from './docker-build.ts';
import { filterDockerWrite } from './docker-write.ts';
import { handleFiles } from './files/handle.ts';
import { fillSecrets } from './fill-secrets.ts';
import { forward } from './forward.ts';
import { judgeGithub, repositoryOf } from './github.ts';
import type { ActiveGrant } from './grants.ts';
import { requestHeaders } from './headers.ts';
import type { SessionState } from './index.ts';
import { type JudgedRequest, type Judgement, needsRule, read as readOnly, refuse } from './judgement.ts';
import { judgeKubernetes } from './kubernetes.ts';
import { handleLoad } from './load/handle.ts';
import { judgeMcp } from './mcp.ts';
import { measured } from './measured.ts';
import { judgeAlertmanager, judgePrometheus } from './monitoring.ts';
import { handleProbe } from './probe/handle.ts';
import { parseRequestPath } from './request-path.ts';
import { handleTerraform, largestStateBytes } from './terraform/handle.ts';

/** Takes one request from inside: names the connection, judges it, and passes it on or says why not. */
export async function handleRequest(
  state: SessionState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const grant = state.active;
  const connection = connectionOf(request);
  if (connection === undefined) return deny(state, request, response, 'The Host header names no connection.');
  if (grant === undefined) return deny(state, request, response, 'No call is running.');
  if (!grant.lists(connection)) return deny(state, request, response, `This call may not use ${connection}.`);
  if (Object.keys(request.headers).some((name) => name.startsWith('impersonate-')))
    return deny(state, request, response, 'A step does not say in whose name it acts.');
  const kind = kindOf(state, connection);
  await measured(state, { kind, connection }, request, response, () =>
    handleKnown(state, grant, { kind, connection }, request, response),
  );
}

async function handleKnown(
  state: SessionState,
  grant: ActiveGrant,
  { kind, connection }: { kind: ConnectionKind; connection: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const judged = await read(request, kind);
  if ('code' in judged) return answerFault(response, judged);
  if (kind === 'http') return answerHttp(state, grant, connection, judged, response);
  if (kind === 'folder') {
    const { folder = '' } = await state.access(connection);
    return handleFiles(folder, judged, response);
  }
  if (kind === 'terraform') return handleTerraform(state, grant, connection, judged, response);
  await judgeAndForward(state, grant, connection, judged, request, response);
}

/** Looks at the web are made here; load is sent only where the approved step names it. */
async function answerHttp(
  state: SessionState,
  grant: ActiveGrant,
  connection: string,
  judged: JudgedRequest,
  response: ServerResponse,
): Promise<void> {
  const { environments, httpAllow } = state.options;
  const { method, path } = judged;
  if (!path.path.startsWith('/load/'))
    return answerJson(response, await handleProbe(judged, httpAllow, grant.signal));
  const judgement = method === 'GET' ? readOnly : needsRule('It sends load.');
  const answer = await grant.admits(judgement, connection, method, path);
  if (!answer.ok) return answerFault(response, answer.fault, 403);
  await handleLoad({ method, path: path.path }, environments, grant.signal, response);
}

async function judgeAndForward(
  state: SessionState,
  grant: ActiveGrant,
  connection: string,
  judged: JudgedRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const filtered = judge(state, connection, judged);
  const { method, path } = judged;
  const answer = await grant.admits(filtered, connection, method, path);
  if (!answer.ok) {
    note(state, request, answer.fault.message);
    request.resume();
    return answerFault(response, answer.fault, 403);
  }
  const repository = kindOf(state, connection) === 'github' ? repositoryOf(judged) : undefined;
  const access = await state.access(connection, repository).catch((error: unknown) => toFault(error));
  if ('code' in access) return answerFault(response, access);
  const asked = ('body' in filtered ? filtered.body : undefined) ?? judged.body;
  const secrets = filtered.verdict === 'write' ? grant.secrets : undefined;
  const filled = await fillSecrets(asked, secrets, state.options.openSecret);
  const body = judged.streamed ? streamBody(request) : filled;
  const { actAs = () => ({}) } = state.options.credentials;
  const acting = asksForIdentity(judged) ? {} : actAs(connection, grant.people);
  const headers = requestHeaders(request.headers, { ...access.headers, ...acting });
  const { signal } = grant;
  // An MCP server has one address: the path only names the tool to the judge.
  const target = kindOf(state, connection) === 'mcp' ? '' : path.raw;
  const outgoing = { connection, access, method, target, headers, body, signal };
  const { upstreams, meter, options } = state;
  const arrived = await forward(upstreams, outgoing, response, meter, options.waitForAnswer);
  if (filtered.verdict === 'write' && arrived) grant.landed();
}

/** What a cluster is known by, the uid of one namespace, is asked for by Reign itself: not everybody may read it. */
function asksForIdentity({ method, path }: JudgedRequest): boolean {
  return method === 'GET' && path.raw === '/api/v1/namespaces/kube-system';
}

function judge(state: SessionState, connection: string, judged: JudgedRequest): Judgement {
  const kind = kindOf(state, connection);
  switch (kind) {
    case 'kubernetes':
      return judgeKubernetes(judged);
    case 'docker':
      return filterWrite(judgeDocker(judged), judged, viewOf(state, connection)?.holds ?? []);
    case 'github':
      return judgeGithub(judged, viewOf(state, connection)?.holds ?? []);
    case 'prometheus':
      return judgePrometheus(judged);
    case 'alertmanager':
      return judgeAlertmanager(judged);
    case 'api':
      return judgeApi(judged);
    case 'mcp':
      return judgeMcp(judged, viewOf(state, connection)?.holds ?? []);
    case 'http':
    case 'folder':
    case 'terraform':
      return refuse('This connection is answered by the broker itself.');
    default:
      return kind satisfies never;
  }
}

async function read(request: IncomingMessage, kind: ConnectionKind): Promise<JudgedRequest | Fault> {
  const path = parseRequestPath(request.url ?? '');
  if (typeof path === 'string') return fault('refused', path);
  const method = request.method ?? '';
  const looks = method === 'GET' || method === 'HEAD';
  if (looks && hasBody(request)) return fault('refused', `A ${method} carries no body.`);
  const contentType = request.headers['content-type'];
  if (kind === 'docker' && method === 'POST' && isBuild(path))
    return { method, path, contentType, body: undefined, streamed: true };
  const largest = kind === 'terraform' ? largestStateBytes : largestRequestBytes;
  const body = looks ? undefined : await readBody(request, largest);
  if (!looks && body === undefined)
    return fault('too-large', `A request may carry ${largest / 1024 / 1024} MB at most.`);
  return { method, path, contentType, body };
}

/** A write to a container engine is also looked into: what it creates must stay within the container. */
function filterWrite(judgement: Judgement, judged: JudgedRequest, mounts: readonly string[]): Judgement {
  if (judgement.verdict !== 'write') return judgement;
  const filtered = filterDockerWrite(judged, mounts);
  return 'why' in filtered ? refuse(filtered.why) : { ...judgement, ...filtered };
}

/** The connection that a request names by its only Host header. */
export function connectionOf(request: IncomingMessage): string | undefined {
  const hosts = request.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
  return hosts.length === 1 ? connectionOfHost(request.headers.host) : undefined;
}

export function viewOf(state: SessionState, connection: string): ConnectionView | undefined {
  const all = state.options.environments.flatMap(({ connections }) => connections);
  return all.find(({ id }) => id === connection);
}

/** What is not configured is judged as a cluster: strictly. */
function kindOf(state: SessionState, connection: string): ConnectionKind {
  const kind = viewOf(state, connection)?.kind;
  if (kind !== undefined) return kind;
  const [prefix] = connection.split(':');
  return prefix === 'docker' || prefix === 'http' ? prefix : 'kubernetes';
}

function deny(state: SessionState, request: IncomingMessage, response: ServerResponse, why: string): void {
  note(state, request, why);
  // What is asked for outside of any connection is counted as http.
  state.options.telemetry?.count('reign_broker_refusals_total', { kind: 'http' });
  answerFault(response, fault('refused', why), 403);
}

function note(state: SessionState, request: IncomingMessage, why: string): void {
  const path = (request.url ?? '').split('?')[0]?.slice(0, 300);
  state.options.logger.warn(
    { method: request.method, path, host: request.headers.host, why },
    'refused a request',
  );
}
