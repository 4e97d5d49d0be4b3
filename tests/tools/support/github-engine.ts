import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Octokit } from '@octokit/rest';
import type { ConnectionView, EnvironmentView } from '../../../src/domain/environment.ts';
import type { AnyOperation } from '../../../src/domain/operation.ts';
import { judgeGithub } from '../../../src/sandbox/broker/github.ts';
import { parseRequestPath, type RequestPath } from '../../../src/sandbox/broker/request-path.ts';
import { ruleMatches } from '../../../src/sandbox/broker/rules.ts';
import { type Passed, type StepProxy, startProxy } from './proxy.ts';
import { hostOf, type TestWriter, testWriter } from './writer.ts';

/** Where `npm run test:setup` puts it. */
const engines = '/usr/local/lib/reign-test-engines/node_modules';
const token = 'test-token';

export type TestGithub = {
  /** As the person who owns everything, past the proxy. */
  octokit: Octokit;
  /** As somebody else. */
  other: Octokit;
  proxy: StepProxy;
  url: string;
  /** Its requests pass the broker's judge. */
  writer(): TestWriter;
  /** The writes that `run` makes, as "POST /repos/…"; fails for one that the operation's egress does not name. */
  writes(operation: AnyOperation, input: unknown, run: () => Promise<unknown>): Promise<string[]>;
  /** Makes a branch whose head changes some files; gives its head. */
  change(repo: string, branch: string, files: { [path: string]: string }, from?: string): Promise<string>;
  close(): Promise<void>;
};

type Emulator = { url: string; close(): Promise<void> };
type Emulate = { createEmulator(options: object): Promise<Emulator> };

/** Why no GitHub can be started here, or undefined. */
export function missingForGithub(): string | undefined {
  return placeOfEmulate() === undefined ? 'emulate is not installed (npm run test:setup)' : undefined;
}

/**
 * A GitHub server with the organisation `acme` (repositories web, api, empty) in staging, `acme/live` in production,
 * and `octo/tools`, which no connection holds. `wrap` may put a server in front that adds what the emulator lacks.
 */
export async function startGithub(wrap?: (url: string) => Promise<Emulator>): Promise<TestGithub> {
  const place = placeOfEmulate();
  if (place === undefined) throw new Error('emulate is not installed');
  const { createEmulator } = (await import(pathToFileURL(place).href)) as Emulate;
  const emulator = await createEmulator({ service: 'github', port: 0, seed });
  const front = await wrap?.(emulator.url);
  const url = front?.url ?? emulator.url;
  const folder = mkdtempSync(join(tmpdir(), 'reign-github-'));
  const upstreams = {
    [hostOf('github:staging/acme')]: { url, token },
    [hostOf('github:production/acme')]: { url, token },
  };
  const proxy = await startProxy(join(folder, 'broker.sock'), upstreams);
  proxy.answer = (request) => refusal(request);
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const octokit = new Octokit({ baseUrl: url, auth: token, log });
  const other = new Octokit({ baseUrl: url, auth: 'other-token', log });
  return {
    octokit,
    other,
    proxy,
    url,
    writer: () => testWriter(environments, proxy.socketPath),
    async writes(operation, input, run) {
      const before = proxy.passed.length;
      await run();
      const sent = proxy.passed.slice(before).filter(({ method }) => method !== 'GET');
      for (const { method, path } of sent) {
        const named = operation
          .egress(input as never)
          .some((rule) => ruleMatches(rule, rule.connection, method, pathOf(path)));
        if (!named) throw new Error(`${operation.id} does not name ${method} ${path}`);
      }
      return sent.map(({ method, path }) => `${method} ${path}`);
    },
    change: (repo, branch, files, from = 'main') => change(octokit, repo, branch, files, from),
    async close() {
      await proxy.close();
      await front?.close();
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const seed = {
  tokens: {
    [token]: { login: 'ann', scopes: ['repo', 'admin:org', 'workflow'] },
    'other-token': { login: 'bob', scopes: ['repo'] },
  },
  github: {
    users: [
      { login: 'ann', name: 'Ann', email: 'ann@acme.test', site_admin: true },
      { login: 'bob' },
      { login: 'octo' },
    ],
    orgs: [
      {
        login: 'acme',
        members: [
          { login: 'ann', role: 'admin' },
          { login: 'bob', role: 'admin' },
        ],
      },
    ],
    repos: [
      { owner: 'acme', name: 'web' },
      { owner: 'acme', name: 'api' },
      { owner: 'acme', name: 'live' },
      { owner: 'acme', name: 'empty', auto_init: false },
      { owner: 'octo', name: 'tools' },
    ],
  },
};

const environments: EnvironmentView[] = [
  { name: 'staging', tier: 'nonproduction', aliases: [], connections: [connection('staging', ['acme/*'])] },
  {
    name: 'production',
    tier: 'production',
    aliases: [],
    connections: [connection('production', ['acme/live'])],
  },
];

function connection(environment: string, holds: string[]): ConnectionView {
  return { id: `github:${environment}/acme`, kind: 'github', environment, name: 'acme', demo: false, holds };
}

/** What the broker's judge would not let through is answered in its place. */
function refusal({ method, path }: Passed): { status: number; body: object } | undefined {
  const body = method === 'GET' ? undefined : Buffer.from('{}');
  const request = { method, path: pathOf(path), contentType: undefined, body };
  const judged = judgeGithub(request, ['acme/*', 'octo/*']);
  // The emulator does not list an organisation's repositories.
  if (path.startsWith('/orgs/acme/repos?')) return { status: 200, body: [{ name: 'web' }, { name: 'api' }] };
  return judged.verdict === 'refuse'
    ? { status: 403, body: { message: `broker: ${judged.why}` } }
    : undefined;
}

function pathOf(target: string): RequestPath {
  const path = parseRequestPath(target);
  if (typeof path === 'string') throw new Error(`${target}: ${path}`);
  return path;
}

async function change(
  octokit: Octokit,
  repo: string,
  branch: string,
  files: { [path: string]: string },
  from: string,
): Promise<string> {
  const place = { owner: 'acme', repo };
  const { data: base } = await octokit.git.getRef({ ...place, ref: `heads/${from}` });
  const { data: parent } = await octokit.git.getCommit({ ...place, commit_sha: base.object.sha });
  const tree = Object.entries(files).map(([path, content]) => ({
    ...{ path, content },
    ...{ mode: '100644' as const, type: 'blob' as const },
  }));
  const { data: made } = await octokit.git.createTree({ ...place, tree, base_tree: parent.tree.sha });
  const parents = [base.object.sha];
  const message = `Change ${Object.keys(files).join(', ')}`;
  const { data: commit } = await octokit.git.createCommit({ ...place, message, tree: made.sha, parents });
  if (branch === from) await octokit.git.updateRef({ ...place, ref: `heads/${branch}`, sha: commit.sha });
  else await octokit.git.createRef({ ...place, ref: `refs/heads/${branch}`, sha: commit.sha });
  return commit.sha;
}

function placeOfEmulate(): string | undefined {
  const folders = [join(import.meta.dirname, '../../../node_modules'), engines];
  return folders.map((folder) => join(folder, 'emulate/dist/api.js')).find((file) => existsSync(file));
}
