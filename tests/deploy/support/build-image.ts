import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { type DockerEngine, missingForDocker } from '../../tools/support/docker-engine.ts';
import { makeBase } from './base-image.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** Why the image cannot be built here, or undefined. */
export function missingForImage(): string | undefined {
  const missing = missingForDocker();
  if (missing !== undefined) return missing;
  return spawnSync('docker', ['--version']).status === 0 ? undefined : 'the docker command is not installed';
}

/**
 * Builds the Dockerfile as it is, on a base of this machine's own files. What runs is assembled outside and lies in the
 * base of the first stage already: the engine takes long over thousands of files.
 */
export async function buildImage(engine: DockerEngine, tag: string): Promise<void> {
  const folder = (name: string) => path.join(engine.folder, name);
  const assemble = ['scripts/assemble-image.mjs', folder('built/source/image')];
  mkdirSync(folder('context'));
  makeBase(folder('base'));
  for (const part of ['Dockerfile', 'scripts']) {
    cpSync(path.join(root, part), path.join(folder('context'), part), { recursive: true });
  }
  await run(process.execPath, assemble, { cwd: root });
  await docker(engine, 'sh', ['-c', importLine, 'sh', 'reign-base:machine', folder('base'), '.']);
  await docker(engine, 'sh', [
    ...['-c', importLine, 'sh', 'reign-built:machine', folder('base'), '.', '-C', folder('built'), 'source'],
  ]);
  const given = [
    'NODE_IMAGE=reign-base:machine',
    'BUILD_IMAGE=reign-built:machine',
    'PACKAGES=',
    'REVISION=abc123',
  ];
  const args = given.flatMap((each) => ['--build-arg', each]);
  await docker(engine, 'docker', ['build', '--tag', tag, ...args, folder('context')]);
}

const importLine = 'tag=$1; shift; tar -c -C "$@" | docker import - "$tag"';

const run = promisify(execFile);

/** Runs a command against the engine. @returns what it printed. */
export async function docker(
  engine: DockerEngine,
  command: string,
  args: readonly string[],
): Promise<string> {
  const env = { ...process.env, DOCKER_HOST: `unix://${engine.socketPath}`, DOCKER_BUILDKIT: '0' };
  const { stdout } = await run(command, args, { env, maxBuffer: 1 << 26 });
  return stdout;
}
