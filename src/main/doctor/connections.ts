import { existsSync } from 'node:fs';
import type { EnvironmentConfig } from '../../config/config.ts';
import { FaultError, toFault } from '../../domain/fault.ts';
import type { CredentialSource, ServerAccess } from '../../domain/ports/credentials.ts';
import { createUpstreams, type Upstreams } from '../../sandbox/broker/upstreams.ts';
import { type Check, renew, wrong } from './check.ts';
import { clusterRights } from './cluster-rights.ts';

/** One question to a server, with the connection's own credential. */
export type Ask = (
  method: 'GET' | 'POST',
  path: string,
  body?: object,
) => Promise<{ status: number; text: string }>;

/** Tries each connection with its credential: whether it answers, takes the credential, and grants what is needed. */
export async function checkConnections(
  ids: Iterable<string>,
  environments: readonly EnvironmentConfig[],
  credentials: Pick<CredentialSource, 'access'>,
  check: Check,
): Promise<void> {
  const upstreams = createUpstreams();
  try {
    // All at once: those that do not answer take their time.
    const tried = [...ids].map((id) => ({
      id,
      outcome: tryConnection(id, environments, credentials, upstreams).catch((error: unknown) =>
        toFault(error),
      ),
    }));
    for (const { id, outcome } of tried)
      await check(id, async () => {
        const found = await outcome;
        if (typeof found === 'string') return found;
        throw new FaultError(found.code, found.message);
      });
  } finally {
    await upstreams.close();
  }
}

async function tryConnection(
  id: string,
  environments: readonly EnvironmentConfig[],
  credentials: Pick<CredentialSource, 'access'>,
  upstreams: Upstreams,
): Promise<string> {
  const access = await credentials.access(id);
  if (access.folder !== undefined) return folder(access.folder);
  const [kind = ''] = id.split(':');
  const ask = askOf(upstreams, access);
  const where = new URL(access.url).host || 'socket';
  if (kind === 'kubernetes') {
    const environment = environments.find(({ name }) => id.startsWith(`kubernetes:${name}/`));
    return `${where}: ${await clusterRights(ask, environment?.writes ?? true)}`;
  }
  const { status } = await ask('GET', questions[kind] ?? '/');
  if (status === 401 || status === 403) throw wrong(`${where} refuses the credential (${status}).`, renew);
  if (status >= 500) throw wrong(`${where} answers ${status}.`, 'Look at that server.');
  return `${where} answers`;
}

/** What costs nothing and needs the credential, where the server asks for one. */
const questions: Readonly<Record<string, string>> = {
  docker: '/version',
  github: '/rate_limit',
  prometheus: '/api/v1/query?query=1',
  alertmanager: '/api/v2/status',
};

function folder(path: string): string {
  if (existsSync(path)) return path;
  throw new FaultError('not-found', `The folder ${path} does not exist.`);
}

function askOf(upstreams: Upstreams, access: ServerAccess): Ask {
  const { pool, prefix, host } = upstreams.of(access);
  return async (method, path, body) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = {
      accept: 'application/json',
      'user-agent': 'reign-doctor',
      ...access.headers,
      ...json,
      host,
    };
    const text = body === undefined ? null : JSON.stringify(body);
    const signal = AbortSignal.timeout(8_000);
    try {
      const answer = await pool.request({ method, path: prefix + path, headers, body: text, signal });
      return { status: answer.statusCode, text: await answer.body.text() };
    } catch (error) {
      throw unreachable(access.url, error as Error & { code?: string });
    }
  };
}

function unreachable(url: string, { code = '', message }: Error & { code?: string }): FaultError {
  const what = `${new URL(url).host || new URL(url).pathname} cannot be reached: ${message || code}.`;
  if (code === 'EACCES')
    return wrong(what, 'The account of the worker may not open it: add it to the group of the socket.');
  if (/certificate|self.signed|issuer/i.test(message))
    return wrong(
      what,
      'Its certificate is not trusted: give its authority where the connection is configured.',
    );
  if (/expired/i.test(message)) return wrong(what, 'A certificate has expired: renew it.');
  return wrong(
    what,
    'Check the address in reign.yaml (or the kubeconfig), and that it may be reached from here.',
  );
}
