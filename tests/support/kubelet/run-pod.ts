import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { KubePod, Network } from './wire.ts';

export type RunningPod = {
  id: number;
  ended: Promise<{ exitCode: number; log: string }>;
  /** Asks the first process to end, and ends everything after the grace. */
  kill(graceMs: number): Promise<void>;
};

export type RunOptions = {
  /** The cluster's own API, whose address every container gets. */
  url: string;
  code: readonly string[];
  files: Record<string, Record<string, Buffer>>;
  network: Network;
};

/** Runs the one container of a pod and cleans up after it. */
export function runPod(pod: KubePod, options: RunOptions): RunningPod {
  const folder = mkdtempSync(join(tmpdir(), 'kubelet-'));
  const child = spawn('bwrap', ['--args', '3', '--', ...accountArguments(pod), ...commandOf(pod)], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    env: {},
    cwd: '/',
    detached: true,
  });
  (child.stdio[3] as NodeJS.WritableStream).end(sandboxArguments(pod, folder, options).join('\0'));
  const first = firstProcess(child);
  const closeNetwork = openPorts(options.network, first, folder);
  let log = '';
  for (const stream of [child.stdout, child.stderr] as Readable[])
    stream.on('data', (data: Buffer) => {
      log = (log + data.toString()).slice(-2048);
    });
  const ended = once(child, 'close').then(async ([code]) => {
    await closeNetwork();
    rmSync(folder, { recursive: true, force: true });
    return { exitCode: (code as number | null) ?? 137, log: log.trim() };
  });
  return {
    id: child.pid ?? 0,
    ended,
    async kill(graceMs) {
      const id = await Promise.race([first.catch(() => undefined), ended.then(() => undefined)]);
      if (graceMs > 0) signal(id, 'SIGTERM');
      await Promise.race([ended, delay(graceMs)]);
      signal(id, 'SIGKILL');
      await ended;
    },
  };
}

const isRoot = process.getuid?.() === 0;

function accountArguments({ spec }: KubePod): string[] {
  const { runAsUser = 0, runAsGroup = 0 } = spec.securityContext ?? {};
  if (!isRoot) return [];
  const { capabilities, allowPrivilegeEscalation } = spec.containers[0]?.securityContext ?? {};
  return [
    ...['setpriv', '--reuid', String(runAsUser), '--regid', String(runAsGroup), '--clear-groups'],
    ...(capabilities?.drop?.includes('ALL') ? ['--bounding-set', '-all', '--inh-caps', '-all'] : []),
    ...(allowPrivilegeEscalation === false ? ['--no-new-privs'] : []),
  ];
}

function commandOf({ spec }: KubePod): string[] {
  return spec.containers[0]?.command ?? [];
}

function sandboxArguments(pod: KubePod, folder: string, options: RunOptions): string[] {
  const { spec } = pod;
  const [container] = spec.containers;
  const { runAsUser = 0, runAsGroup = 0 } = spec.securityContext ?? {};
  const { hostname, port } = new URL(options.url);
  const environment = [
    ...(container?.env ?? []),
    { name: 'KUBERNETES_SERVICE_HOST', value: hostname },
    { name: 'KUBERNETES_SERVICE_PORT', value: port },
  ];
  const account = isRoot
    ? ['--cap-drop', 'ALL', '--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID', '--cap-add', 'CAP_SETPCAP']
    : ['--unshare-user', '--uid', String(runAsUser), '--gid', String(runAsGroup)];
  return [
    ...[
      '--unshare-pid',
      '--unshare-ipc',
      '--unshare-uts',
      '--as-pid-1',
      '--die-with-parent',
      '--new-session',
    ],
    ...(options.network === 'open' ? [] : ['--unshare-net']),
    ...[...account, '--clearenv', '--hostname', pod.metadata.name.slice(0, 60), '--info-fd', '4'],
    ...environment.flatMap(({ name, value }) => ['--setenv', name, value]),
    ...['--proc', '/proc', '--dev', '/dev', ...volumeArguments(pod, folder, options.files)],
    // After the volumes: the code of these tests may lie where a pod has a volume, that of an image does not.
    ...imageArguments(options.code),
    ...(container?.securityContext?.readOnlyRootFilesystem ? ['--remount-ro', '/'] : []),
    ...['--chdir', container?.workingDir ?? '/'],
  ];
}

/** What an image would hold: the system's programs and libraries, Node and the code. */
function imageArguments(code: readonly string[]): string[] {
  const links = ['/bin', '/sbin', '/lib', '/lib32', '/lib64'].filter((path) => existsSync(path));
  const etc = ['/etc/ssl', '/etc/ca-certificates', '/etc/ld.so.cache', '/etc/alternatives'];
  const node = realpathSync(process.execPath);
  const mounts = [...etc, ...code, ...(node.startsWith('/usr/') ? [] : [node])];
  return [
    ...['--ro-bind', '/usr', '/usr'],
    ...links.flatMap((path) =>
      lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path],
    ),
    ...mounts
      .filter((path) => existsSync(path))
      .flatMap((path) => [...parents(path), '--ro-bind', realpathSync(path), path]),
  ];
}

function parents(path: string): string[] {
  const above = dirname(path);
  return above === '/' ? [] : [...parents(above), '--dir', above];
}

function volumeArguments(pod: KubePod, folder: string, files: RunOptions['files']): string[] {
  const { runAsUser = 0, runAsGroup = 0 } = pod.spec.securityContext ?? {};
  chmodSync(folder, 0o755);
  return (pod.spec.containers[0]?.volumeMounts ?? []).flatMap(({ name, mountPath }) => {
    const place = join(folder, name);
    mkdirSync(place);
    for (const [file, content] of Object.entries(files[name] ?? {})) {
      writeFileSync(join(place, file), content, { mode: 0o440 });
      if (isRoot) chownSync(join(place, file), 0, runAsGroup);
    }
    if (isRoot && files[name] === undefined) chownSync(place, runAsUser, runAsGroup);
    return [...parents(mountPath), files[name] === undefined ? '--bind' : '--ro-bind', place, mountPath];
  });
}

/** The container's first process, as this machine knows it. Reads to the end: bubblewrap must not write into the void. */
function firstProcess(child: ChildProcess): Promise<number> {
  let text = '';
  return new Promise((resolve, reject) => {
    (child.stdio[4] as Readable).on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const id = /"child-pid":\s*(\d+)/.exec(text)?.[1];
      if (id !== undefined) resolve(Number(id));
    });
    child.once('close', () => reject(new Error('bubblewrap did not start')));
  });
}

const relay = `
  const { createServer, connect } = require('node:net');
  createServer({ allowHalfOpen: true }, (socket) => {
    const other = connect({ path: process.argv[2], allowHalfOpen: true });
    for (const each of [socket, other]) each.on('error', () => { socket.destroy(); other.destroy(); });
    socket.pipe(other).pipe(socket);
  }).listen(Number(process.argv[1]), '127.0.0.1');`;

/** Makes the named ports of this machine reachable in the pod's own network, and no other. */
function openPorts(network: Network, first: Promise<number>, folder: string): () => Promise<void> {
  if (network === 'open') return async () => {};
  const closing: (() => void)[] = [];
  for (const port of network) {
    const path = join(folder, `port-${port}`);
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      const other = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      for (const each of [socket, other])
        each.on('error', () => {
          socket.destroy();
          other.destroy();
        });
      socket.pipe(other).pipe(socket);
    }).listen(path);
    closing.push(() => server.close());
    first.then(
      (id) => {
        const args = [`--net=/proc/${id}/ns/net`, process.execPath, '-e', relay, String(port), path];
        const inside = spawn('nsenter', args, { stdio: 'ignore' });
        inside.on('error', () => {});
        closing.push(() => void inside.kill('SIGKILL'));
      },
      () => undefined,
    );
  }
  return async () => {
    for (const close of closing) close();
  };
}

function signal(id: number | undefined, name: NodeJS.Signals): void {
  if (id === undefined) return;
  try {
    process.kill(id, name);
  } catch {
    // It has ended.
  }
}
