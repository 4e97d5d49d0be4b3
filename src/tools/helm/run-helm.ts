import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '../../domain/fault.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { type Api, openApi } from './api.ts';
import { helmFault } from './helm-fault.ts';

/** The helm program with a way to one cluster. */
export type Helm = {
  readonly api: Api;
  readonly reader: Reader;
  /** A folder of this opening alone, below the work folder. */
  readonly folder: string;
  /** What helm printed. @throws FaultError in words made of helm's own, when it ends with another code than 0 */
  run(args: readonly string[], limitSeconds?: number): Promise<string>;
  json<Value>(args: readonly string[]): Promise<Value>;
};

const lookSeconds = 14;
const memoryMb = 384;
const mostPrinted = 48 * 1024 * 1024;

/** What helm prints of a chart holds the whole chart: more than a program of a step may print. */
const intoFile = 'exec helm "$@" > "$PRINTED"';

/** Opens a cluster for helm by the step's own loopback: there is neither a credential nor an address in the step. */
export async function withHelm<Value>(
  reader: Reader,
  connectionId: string,
  use: (helm: Helm) => Promise<Value>,
): Promise<Value> {
  const forwarder = await reader.forward(connectionId);
  try {
    const folder = await newFolder(reader);
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(kubeconfig, kubeconfigOf(forwarder.url));
    const { environment } = reader.connect(connectionId);
    const run = async (args: readonly string[], limitSeconds = lookSeconds) => {
      const before = forwarder.failed();
      const result = await runHelm(reader, folder, [...args, '--kubeconfig', kubeconfig], limitSeconds);
      if (result.exitCode === 0) return result.text;
      const failed = forwarder.failed();
      throw helmFault(result.stderr || result.text, environment, failed === before ? undefined : failed);
    };
    const json = async <Answer>(args: readonly string[]) =>
      JSON.parse(await run([...args, '--output', 'json'])) as Answer;
    const api = openApi(forwarder.url, environment, reader.signal);
    return await use({ api, reader, folder, run, json });
  } finally {
    forwarder.close();
  }
}

/** Runs helm without any cluster, e.g. to check a chart. Resolves whatever its exit code. */
export async function helmAlone(reader: Reader, folder: string, args: readonly string[]) {
  const { runProgram } = reader;
  if (runProgram === undefined)
    throw new FaultError('unsupported', 'No sandbox runs programs here. See what `reign doctor` says.');
  const limits = { limitSeconds: lookSeconds, memoryMb, env: environmentOf(folder), cwd: folder };
  return missing(await runProgram('helm', args, limits));
}

export async function newFolder({ workFolder }: Pick<Reader, 'workFolder'>): Promise<string> {
  await mkdir(workFolder, { recursive: true });
  return mkdtemp(join(workFolder, 'helm-'));
}

async function runHelm(
  { runProgram }: Reader,
  folder: string,
  args: readonly string[],
  limitSeconds: number,
): Promise<{ exitCode: number; stderr: string; text: string }> {
  if (runProgram === undefined)
    throw new FaultError('unsupported', 'No sandbox runs programs here. See what `reign doctor` says.');
  const printed = join(folder, `printed-${randomUUID()}`);
  const env = { ...environmentOf(folder), PRINTED: printed };
  const limits = { limitSeconds, memoryMb, env, cwd: folder };
  const result = await runProgram('/bin/sh', ['-c', intoFile, 'sh', ...args], limits);
  const { exitCode, stderr } = missing(result);
  if (exitCode === null) throw new FaultError('timeout', `helm did not end within ${limitSeconds} s.`);
  return { exitCode, stderr, text: await readPrinted(printed) };
}

async function readPrinted(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size > mostPrinted)
    throw new FaultError('too-large', 'helm printed more than 48 MB. The chart is too large.');
  const text = await readFile(file, 'utf8');
  await rm(file);
  return text;
}

function missing<Result extends { exitCode: number | null }>(result: Result): Result {
  if (result.exitCode !== 127) return result;
  throw new FaultError(
    'unsupported',
    'helm is not installed where Reign runs its steps. Install helm 3 or 4.',
  );
}

/** Nothing of helm's is read from or kept anywhere else: no plug-ins, no repositories, no registry logins. */
function environmentOf(folder: string): Record<string, string> {
  return {
    HELM_CACHE_HOME: join(folder, 'cache'),
    HELM_CONFIG_HOME: join(folder, 'config'),
    HELM_DATA_HOME: join(folder, 'data'),
    HELM_PLUGINS: join(folder, 'plugins'),
    HELM_DRIVER: 'secret',
    KUBECONFIG: join(folder, 'kubeconfig'),
  };
}

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'step', cluster: { server } }],
    users: [{ name: 'step', user: {} }],
    contexts: [{ name: 'step', context: { cluster: 'step', user: 'step' } }],
    'current-context': 'step',
  });
}
