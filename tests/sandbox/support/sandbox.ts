import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { EnvironmentView } from '../../../src/domain/environment.ts';
import type { Json } from '../../../src/domain/json.ts';
import type { ServerAccess } from '../../../src/domain/ports/credentials.ts';
import { silentLogger } from '../../../src/domain/ports/runtime.ts';
import type {
  CallOptions,
  Sandbox,
  StepPhase,
  StepReply,
  StepSession,
} from '../../../src/domain/ports/sandbox.ts';
import { createSandbox, type SandboxOptions } from '../../../src/sandbox/index.ts';

export const cluster = 'kubernetes:staging/main';
export const engine = 'docker:staging/local';
export const web = 'http:web';

export const environments: EnvironmentView[] = [
  {
    name: 'staging',
    tier: 'nonproduction',
    aliases: [],
    connections: [
      { id: cluster, kind: 'kubernetes', environment: 'staging', name: 'main', demo: false },
      { id: engine, kind: 'docker', environment: 'staging', name: 'local', demo: false },
    ],
  },
];

export type TestBed = { folder: string; stepHost: string; codeFolder: string; remove(): void };

/** A private folder with the test host, bundled. */
export async function buildTestHost(): Promise<TestBed> {
  // Not below /tmp, which a step has of its own.
  const folder = mkdtempSync('/var/tmp/reign-sandbox-');
  const codeFolder = join(folder, 'dist');
  await build({
    entryPoints: {
      host: join(import.meta.dirname, 'host.ts'),
      pod: join(import.meta.dirname, '../../../src/step-pod.ts'),
    },
    outdir: codeFolder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  const stepHost = join(codeFolder, 'host.mjs');
  return { folder, stepHost, codeFolder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The entry of a worker that is to be killed, bundled. */
export async function buildDoomed(bed: TestBed): Promise<string> {
  const entry = join(bed.folder, 'doomed.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'doomed.ts')],
    ...{ outfile: entry, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' },
    external: ['esbuild'],
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire('${import.meta.filename}');`,
    },
  });
  mkdirSync(join(bed.folder, 'node_modules/esbuild'), { recursive: true });
  writeFileSync(join(bed.folder, 'node_modules/esbuild/index.js'), 'exports.build = () => {}');
  return entry;
}

/** A sandbox over the test host; `access` names the servers behind the connections. */
export function openSandbox(
  bed: TestBed,
  access: Record<string, ServerAccess>,
  more: Partial<SandboxOptions> = {},
): Promise<Sandbox> {
  return createSandbox({
    stepHost: bed.stepHost,
    stepPod: join(bed.codeFolder, 'pod.mjs'),
    codeFolders: [bed.codeFolder],
    workRoot: join(bed.folder, 'work'),
    environments,
    credentials: {
      access: async (id) => {
        const found = access[id];
        if (found === undefined) throw new Error(`no access to ${id}`);
        return found;
      },
      version: () => '1',
    },
    redact: (text) => text.replaceAll('topsecret', '***'),
    httpAllow: [],
    logger: silentLogger,
    isolation: 'required',
    ...more,
  });
}

/** Runs a snippet inside; the default phase may only look. */
export function runSnippet(
  session: StepSession,
  source: string,
  options: Partial<CallOptions> & { phase?: StepPhase } = {},
): Promise<StepReply> {
  const { phase = 'landed', ...rest } = options;
  const args: Json = { input: { source }, approved: null, idempotencyKey: 'key', undo: null };
  return session.call(
    { operation: 'test.snippet', phase, args },
    {
      grant: { connections: [] },
      deadline: new Date(Date.now() + 10_000),
      memoryMb: 256,
      stop: { signal: 'SIGTERM', graceSeconds: 1 },
      ...rest,
    },
  );
}

/** Runs a snippet as a write without any connection, and returns its value. Throws when it fails. */
export async function resultOf<Value = Json>(
  session: StepSession,
  source: string,
  options: Partial<CallOptions> = {},
): Promise<Value> {
  const reply = await runSnippet(session, source, { phase: 'execute', ...options });
  if (!reply.ok) throw new Error(`${reply.fault.code}: ${reply.fault.message}`);
  return reply.value as Value;
}
