import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Api, createApi, until } from './reign.ts';
import { removeData } from './remove-data.ts';

export type AloneReign = { pid: number; api: Api; dataDir: string; output(): string; stop(): Promise<void> };

/** Reign as a newcomer has it: one process that brings its own services, in a folder of its own. */
export async function startAlone(root: string, env: Record<string, string> = {}): Promise<AloneReign> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'reign-alone-'));
  const args = [path.join(root, 'dist/reign.js'), 'start', '--port', '0', '--no-install', '--data', dataDir];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'] ?? '', HOME: dataDir, NO_COLOR: '1', ...env },
    cwd: dataDir,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      output += data.toString();
    });
  }
  const ended = new Promise((resolve) => child.on('close', resolve));
  await until(
    () => output.includes('is up in demo'),
    60_000,
    () => output,
  );
  return {
    pid: child.pid ?? 0,
    api: createApi(dataDir),
    dataDir,
    output: () => output,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await removeData(dataDir);
    },
  };
}
