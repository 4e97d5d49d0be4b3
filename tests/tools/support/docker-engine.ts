import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';

export type DockerEngine = {
  docker: Docker;
  socketPath: string;
  folder: string;
  /** An image with one static program that serves until it is stopped, and logs. */
  image: string;
  close(): Promise<void>;
};

/** Why no engine can be started here, or undefined. */
export function missingForDocker(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can start dockerd';
  for (const command of ['dockerd', 'iptables', 'unshare']) {
    if (spawnSync('which', [command]).status !== 0) return `${command} is not installed`;
  }
  return undefined;
}

/** Starts dockerd in a network namespace of its own, so that bridges and rules stay off the machine. */
export async function startDocker(): Promise<DockerEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'reign-docker-'));
  const socketPath = join(folder, 'docker.sock');
  const flags = [
    ...[
      '--data-root',
      join(folder, 'data'),
      '--exec-root',
      join(folder, 'exec'),
      '--pidfile',
      join(folder, 'pid'),
    ],
    ...[
      '--host',
      `unix://${socketPath}`,
      '--storage-driver',
      'overlay2',
      '--exec-opt',
      'native.cgroupdriver=cgroupfs',
    ],
    ...['--bip', '10.200.0.1/24', '--default-address-pool', 'base=10.201.0.0/16,size=24'],
  ];
  const script = `ip link set lo up; exec dockerd ${flags.join(' ')}`;
  const engine = spawn('unshare', ['-n', '--', 'bash', '-c', script], { stdio: 'ignore' });
  try {
    const docker = new Docker({ socketPath, host: '' });
    await untilUp(docker, engine, socketPath);
    const image = 'reign-test-server:1';
    await buildImage(docker, image);
    return { docker, socketPath, folder, image, close: () => stop(docker, engine, folder) };
  } catch (error) {
    engine.kill('SIGTERM');
    throw error;
  }
}

async function untilUp(docker: Docker, engine: ChildProcess, socketPath: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (engine.exitCode !== null) throw new Error(`dockerd ended with ${engine.exitCode}`);
    if (existsSync(socketPath)) {
      const up = await docker.ping().then(
        () => true,
        () => false,
      );
      if (up) return;
    }
    await delay(100);
  }
  throw new Error('dockerd did not come up within 10 s');
}

/** No image can be pulled here: one is made of the bundler's static binary, which can serve a folder. */
async function buildImage(docker: Docker, tag: string): Promise<void> {
  const require = createRequire(import.meta.url);
  const binary = require.resolve(`@esbuild/linux-${process.arch}/bin/esbuild`);
  const tar = spawn('tar', ['-c', '-C', dirname(binary), 'esbuild'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [repo, version] = tag.split(':');
  const options = { fromSrc: '-', repo, tag: version };
  const progress = (await docker.importImage(tar.stdout, options)) as NodeJS.ReadableStream;
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(progress, (error) => (error === null ? resolve() : reject(error)));
  });
}

async function stop(docker: Docker, engine: ChildProcess, folder: string): Promise<void> {
  const containers = await docker.listContainers({ all: true });
  for (const { Id } of containers) await docker.getContainer(Id).remove({ force: true });
  const ended = new Promise((resolve) => engine.once('exit', resolve));
  engine.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
