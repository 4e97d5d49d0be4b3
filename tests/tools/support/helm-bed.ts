import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { startDemoCluster, type Timing, writeDemoKubeconfig } from '../../../src/demo-cluster/index.ts';
import type { EnvironmentView } from '../../../src/domain/environment.ts';
import { FaultError } from '../../../src/domain/fault.ts';
import type { AnyOperation, ExecuteContext, Preview, Verification } from '../../../src/domain/operation.ts';
import { silentLogger } from '../../../src/domain/ports/runtime.ts';
import type { Grant, StepPhase } from '../../../src/domain/ports/sandbox.ts';
import { createBroker } from '../../../src/sandbox/broker/index.ts';
import { runPhase } from '../../../src/sandbox/host/phases.ts';
import { createWriter } from '../../../src/sandbox/host/reader.ts';

const cluster = 'kubernetes:staging/main';
const folderId = 'folder:staging/charts';
const token = 'test-token';
const timing: Partial<Timing> = { podReadyMs: 80, imagePullBackOffMs: 100, terminationMs: 40 };

// biome-ignore lint/suspicious/noExplicitAny: what phases return is of every kind.
type Any = any;
type Args = { request?: object; input?: Any; approved?: Preview; idempotencyKey?: string; undo?: Any };

/** The charts that tests render and install. */
export const chartsFolder = join(import.meta.dirname, 'charts');

export type HelmBed = Awaited<ReturnType<typeof startHelmBed>>;

/** Why helm can't be tried here, or undefined. */
export function missingHelm(): string | undefined {
  try {
    execFileSync('helm', ['version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'helm is not installed';
  }
}

/**
 * A demo cluster and a folder with charts behind the real broker. `call` runs one phase as a step does: with the
 * grant of that phase, and with what leaves it written as JSON.
 */
export async function startHelmBed() {
  const folder = mkdtempSync(join(tmpdir(), 'reign-helm-'));
  const [charts, workFolder] = [join(folder, 'charts'), join(folder, 'work')];
  const demo = await startDemoCluster({ name: 'staging', dataDir: join(folder, 'data'), token, timing });
  const refused: string[] = [];
  const reports: string[] = [];
  // What a program that was ended still asked for is refused like everything else; that is not what is looked for.
  const warn = (detail: { why?: string }) =>
    detail.why === 'No call is running.' ? undefined : void refused.push(JSON.stringify(detail));
  const logger = { ...silentLogger, warn };
  const access = async (id: string) =>
    id === folderId
      ? { url: '', folder: charts, secrets: [] }
      : { url: `http://127.0.0.1:${port}`, headers: { authorization: `Bearer ${token}` }, secrets: [] };
  let broken: { method: string; part: string } | undefined;
  const proxy = createServer((request, response) => {
    if (broken !== undefined && request.method === broken.method && request.url?.includes(broken.part)) {
      broken = undefined;
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ kind: 'Status', status: 'Failure', message: 'the disk is full', code: 500 }),
      );
      return;
    }
    const { method, headers, url = '/' } = request;
    const onward = httpRequest(new URL(url, demo.url), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  const credentials = { access, version: () => '1' };
  const broker = createBroker({
    ...{ environments, httpAllow: [], logger, credentials },
    openSecret: async () => '',
  });
  const socketPath = join(folder, 'broker.sock');
  const session = await broker.open(socketPath);
  mkdirSync(workFolder);
  const reset = () => {
    rmSync(charts, { recursive: true, force: true });
    cpSync(chartsFolder, charts, { recursive: true });
  };
  reset();
  const kubeconfig = join(folder, 'kubeconfig');
  await writeDemoKubeconfig(kubeconfig, [{ name: 'staging', url: demo.url, token }]);

  const call = async (operation: AnyOperation, phase: StepPhase, args: Args): Promise<Any> => {
    const connections = [cluster, folderId];
    const writes = phase === 'execute' || phase === 'restore';
    const gate = async () => ({ ok: true as const });
    const rules = writes && operation.effect !== 'read' ? operation.egress(args.input) : undefined;
    const grant: Grant = { connections, ...(rules === undefined ? {} : { write: { rules, gate } }) };
    const end = session.activate(grant);
    const { signal } = new AbortController();
    const ended = new AbortController();
    const report = (line: string) => void reports.push(line);
    const writer = createWriter(
      { environments, socketPath, workFolder, programs: true },
      { connections, signal, ended: ended.signal, report },
    );
    try {
      const value = await runPhase(operation, phase, throughJson(args) as never, { reader: writer, writer });
      return throughJson(value ?? null);
    } finally {
      ended.abort();
      end();
    }
  };
  const input = async (operation: AnyOperation, request: object): Promise<Any> => {
    const resolution = await call(operation, 'resolve', { request });
    if (resolution.kind !== 'input') throw new Error(`not resolved: ${JSON.stringify(resolution)}`);
    return resolution.input;
  };
  return {
    ...{ charts, environments, credentials, refused, reports, call, input, reset },
    helm: (...args: string[]) => helmByHand(folder, args, charts),
    resolve: (operation: AnyOperation, request: object): Promise<Any> =>
      call(operation, 'resolve', { request }),
    preview: (operation: AnyOperation, given: Any): Promise<Preview> =>
      call(operation, 'preview', { input: given }),
    verify: (operation: AnyOperation, given: Any, context: ExecuteContext): Promise<Verification> =>
      call(operation, 'verify', { input: given, ...contextArgs(context) }),
    /** Resolves, previews, captures and executes, as the engine does. */
    async carryOut(operation: AnyOperation, request: object, idempotencyKey: string) {
      const given = await input(operation, request);
      const approved: Preview = await call(operation, 'preview', { input: given });
      const reversible = operation.undo.kind === 'reversible';
      const undo = reversible ? await call(operation, 'capture', { input: given }) : undefined;
      const args = { input: given, approved, idempotencyKey };
      const output = await call(operation, 'execute', args);
      return { ...args, undo, output, context: { approved, idempotencyKey } };
    },
    /** A request as the cluster's administrator. */
    kube: (method: string, path: string, body?: object): Promise<Any> => ask(demo.url, method, path, body),
    /** Replaces text in a file of the chart `web`. */
    edit(file: string, from: string, to: string): void {
      const path = join(charts, 'web', file);
      const text = readFileSync(path, 'utf8');
      if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
      writeFileSync(path, text.replace(from, to));
    },
    /** The next request of this kind is answered with 500. */
    breakNext(method: string, part: string): void {
      broken = { method, part };
    },
    /** Makes the last revision look as a killed helm leaves it. */
    async pend(release: string, revision: number): Promise<void> {
      const path = `/api/v1/namespaces/default/secrets/sh.helm.release.v1.${release}.v${revision}`;
      const secret = await ask(demo.url, 'GET', path);
      const zipped = Buffer.from(Buffer.from(secret.data.release, 'base64').toString(), 'base64');
      const record = JSON.parse(gunzipSync(zipped).toString());
      record.info.status = 'pending-upgrade';
      const packed = gzipSync(JSON.stringify(record)).toString('base64');
      const labels = { status: 'pending-upgrade' };
      const data = { release: Buffer.from(packed).toString('base64') };
      await ask(demo.url, 'PATCH', path, { metadata: { labels }, data });
    },
    async close() {
      await session.close();
      await broker.close();
      proxy.closeAllConnections();
      proxy.close();
      await demo.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs helm past Reign, with the kubeconfig of a folder. */
export function helmByHand(folder: string, args: readonly string[], cwd = chartsFolder): Promise<string> {
  const homes = { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder };
  const KUBECONFIG = join(folder, 'kubeconfig');
  const env = { ...process.env, ...homes, KUBECONFIG, HELM_NAMESPACE: 'default' };
  return new Promise((resolve, reject) => {
    execFile('helm', args, { env, cwd }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(stderr)),
    );
  });
}

/** The fault of a promise that must fail. */
export async function faultOf(promise: Promise<unknown>) {
  try {
    await promise;
  } catch (error) {
    if (error instanceof FaultError) return error.fault;
    throw error;
  }
  throw new Error('It did not fail.');
}

const environments: EnvironmentView[] = [
  {
    name: 'staging',
    tier: 'nonproduction',
    aliases: ['stg'],
    connections: [
      { id: cluster, kind: 'kubernetes', environment: 'staging', name: 'main', demo: true },
      { id: folderId, kind: 'folder', environment: 'staging', name: 'charts', demo: false },
    ],
  },
];

function contextArgs({ approved, idempotencyKey }: ExecuteContext): Args {
  return { idempotencyKey, ...(approved === undefined ? {} : { approved }) };
}

function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

async function ask(url: string, method: string, path: string, body?: object): Promise<Any> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok && answer.status !== 404) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return answer.status === 404 ? undefined : JSON.parse(text);
}
