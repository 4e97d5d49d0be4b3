import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type Docker from 'dockerode';
import type { ConnectionView, EnvironmentView } from '../../../src/domain/environment.ts';
import { canonicalJson } from '../../../src/domain/json.ts';
import type { AnyOperation, EgressRule, ExecuteContext, Preview } from '../../../src/domain/operation.ts';
import type { Writer } from '../../../src/domain/ports/reader.ts';
import { silentLogger } from '../../../src/domain/ports/runtime.ts';
import { createBroker } from '../../../src/sandbox/broker/index.ts';
import { createWriter } from '../../../src/sandbox/host/reader.ts';
import { type DockerEngine, missingForDocker, startDocker } from './docker-engine.ts';
import { inputFor } from './writer.ts';

const engineId = 'docker:lab/main';
const folderId = 'folder:lab/apps';

/** An engine behind the real broker: each phase gets the grant that the worker would give it. */
export type DockerBed = {
  engine: DockerEngine;
  docker: Docker;
  writer: Writer;
  reports: string[];
  /** Lets the requests of an operation's `egress` pass while `run` lasts. */
  writing<Value>(operation: AnyOperation, input: unknown, run: () => Promise<Value>): Promise<Value>;
  /** Resolves, previews twice, captures and executes, as the engine does. */
  carryOut(operation: AnyOperation, request: object, key: string): Promise<Done>;
  execute(operation: AnyOperation, input: unknown, context: ExecuteContext): Promise<unknown>;
  restore(operation: AnyOperation, done: Pick<Done, 'input' | 'undo'>): Promise<void>;
  /** Writes a file into the folder that the connection `apps` leads to. */
  file(path: string, content: string): void;
  close(): Promise<void>;
};

// biome-ignore lint/suspicious/noExplicitAny: as in the registry, each operation parses its own.
type Any = any;
export type Done = { input: Any; approved: Preview; undo: Any; context: ExecuteContext; output: Any };

/** An image with a shell, made of Debian's static busybox: nothing can be pulled here. */
export const shellImage = 'lab/shell:1';

/** The folder of the machine that containers may mount, to read. */
export const sharedFolder = '/usr/share';

/** Why these tests cannot run here, or undefined. */
export function missingForBed(): string | undefined {
  const linked = spawnSync('ldd', ['/bin/busybox']);
  const isStatic = existsSync('/bin/busybox') && linked.status !== 0;
  return missingForDocker() ?? (isStatic ? undefined : 'a static busybox is not installed (busybox-static)');
}

export async function openDockerBed(): Promise<DockerBed> {
  const engine = await startDocker();
  await importShell(engine);
  const apps = join(engine.folder, 'apps');
  const workFolder = join(engine.folder, 'work');
  for (const folder of [apps, workFolder]) mkdirSync(folder);
  const socketPath = join(engine.folder, 'step.sock');
  const broker = createBroker({
    environments,
    credentials: {
      access: async (id) =>
        id === engineId
          ? { url: `unix://${engine.socketPath}`, secrets: [] }
          : { url: '', folder: apps, secrets: [] },
      version: () => '1',
    },
    openSecret: async (reference) => `value of ${reference}`,
    httpAllow: [],
    logger: silentLogger,
  });
  const session = await broker.open(socketPath);
  const reports: string[] = [];
  const connections = [engineId, folderId];
  const { signal } = new AbortController();
  const { signal: ended } = new AbortController();
  const around = { environments, socketPath, workFolder, programs: true };
  const writer = createWriter(around, { connections, signal, ended, report: (line) => reports.push(line) });
  session.activate({ connections });
  const grantRules = (rules: readonly EgressRule[], operation: AnyOperation, input: Any) => {
    const references = (operation.secrets ?? []).flatMap((field) =>
      Object.values(input[field] ?? {}),
    ) as string[];
    const secrets = { references, versions: {}, scope: { environment: 'lab', tool: 'docker' } };
    return session.activate({ connections, write: { rules, gate: async () => ({ ok: true }), secrets } });
  };
  const writing: DockerBed['writing'] = async (operation, input, run) => {
    const end = grantRules(operation.egress(input as never), operation, input);
    try {
      return await run();
    } finally {
      end();
      session.activate({ connections });
    }
  };
  const execute: DockerBed['execute'] = (operation, input, context) =>
    writing(operation, input, () => operation.execute(input, writer, context));
  return {
    ...{ engine, docker: engine.docker, writer, reports, writing, execute },
    async carryOut(operation, request, key) {
      const input = await inputFor(operation, request, writer);
      const approved = await previewTwice(operation, input, writer);
      const captures = operation.undo.kind === 'reversible' && operation.undo.unless?.(input) === undefined;
      const captured = captures ? await (operation.undo as Any).capture(input, writer) : undefined;
      const undo = captured === undefined ? undefined : JSON.parse(JSON.stringify(captured));
      const context: ExecuteContext = { approved, idempotencyKey: key };
      const output = operation.output.parse(await execute(operation, input, context));
      return { input, approved, undo, context, output };
    },
    restore: (operation, { input, undo }) =>
      writing(operation, input, () => (operation.undo as Any).restore(input, undo, writer)),
    file(path, content) {
      mkdirSync(dirname(join(apps, path)), { recursive: true });
      writeFileSync(join(apps, path), content);
    },
    async close() {
      await session.close();
      await broker.close();
      await engine.close();
    },
  };
}

const connection = (id: string, kind: ConnectionView['kind'], name: string): ConnectionView => ({
  ...{ id, kind, name, environment: 'lab', demo: false },
});
const environments: EnvironmentView[] = [
  {
    name: 'lab',
    tier: 'nonproduction',
    aliases: [],
    connections: [
      { ...connection(engineId, 'docker', 'main'), holds: [`${sharedFolder}:ro`] },
      connection(folderId, 'folder', 'apps'),
    ],
  },
];

/** Two previews of an unchanged world are equal to the byte; what the store keeps of one is JSON. */
async function previewTwice(operation: AnyOperation, input: Any, writer: Writer): Promise<Preview> {
  const [first, second] = [await operation.preview(input, writer), await operation.preview(input, writer)];
  if (canonicalJson(first) !== canonicalJson(second))
    throw new Error(`Previews differ: ${canonicalJson(first)} and ${canonicalJson(second)}`);
  return JSON.parse(JSON.stringify(first)) as Preview;
}

/** Makes {@link shellImage}. */
export async function importShell(engine: DockerEngine): Promise<void> {
  const root = join(engine.folder, 'shell');
  mkdirSync(join(root, 'bin'), { recursive: true });
  for (const folder of ['tmp', 'data', 'etc']) mkdirSync(join(root, folder));
  cpSync('/bin/busybox', join(root, 'bin/busybox'));
  for (const name of [
    'sh',
    'sleep',
    'cat',
    'echo',
    'touch',
    'true',
    'false',
    'ls',
    'env',
    'httpd',
    'wget',
    'printf',
  ])
    symlinkSync('busybox', join(root, 'bin', name));
  const archive = join(engine.folder, 'shell.tar');
  execFileSync('tar', ['-c', '-f', archive, '-C', root, '.']);
  const progress = await engine.docker.importImage(archive, {
    ...{ fromSrc: '-', repo: 'lab/shell', tag: '1' },
    changes: ['CMD ["sleep", "1000"]', 'EXPOSE 80/tcp', 'ENV PATH=/bin'],
  } as never);
  await new Promise<void>((resolve, reject) => {
    engine.docker.modem.followProgress(progress as unknown as NodeJS.ReadableStream, (error) =>
      error === null ? resolve() : reject(error),
    );
  });
  rmSync(archive);
}
