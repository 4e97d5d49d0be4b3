import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Config } from '../config/index.ts';
import type { Tool } from '../domain/operation.ts';
import { silentLogger } from '../domain/ports/runtime.ts';
import { tools as shipped } from '../tools/registry.ts';
import { createSecretOpener } from '../vault/open-secret.ts';
import { connectionReferences } from './connections.ts';
import { loadExtensions } from './extensions.ts';

/** Uses every tool of a configuration, as the service would have them; what is missing is told on standard error. */
export async function withTools<Value>(
  config: Config,
  use: (tools: readonly Tool[], missing: readonly string[]) => Promise<Value>,
): Promise<Value> {
  return inOwnFolder(async (into) => {
    const asking = {
      references: connectionReferences(config, [], process.env),
      openSecret: createSecretOpener({ env: process.env }),
      workRoot: path.join(into, 'work'),
      logger: silentLogger,
    };
    const { tools, missing } = await loadExtensions(config, into, asking);
    for (const each of missing) process.stderr.write(`Warning: ${each}\n`);
    return use([...shipped, ...tools], missing);
  });
}

/** A folder that is gone afterwards. */
export async function inOwnFolder<Value>(use: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reign-tools-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
