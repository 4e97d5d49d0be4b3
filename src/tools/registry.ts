import type { AnyOperation, OperationCatalogue, Tool } from '../domain/operation.ts';
import { docker, warmUp as warmUpDocker } from './docker/index.ts';
import { kubernetes } from './kubernetes/index.ts';
import { monitoring } from './monitoring/index.ts';
import { reign } from './reign/index.ts';
import { shell, warmUp as warmUpShell } from './shell/index.ts';

/** Every tool: one folder, one line. */
export const tools: readonly Tool[] = [kubernetes, docker, shell, monitoring, reign];

/** The operations of the tools by id. Throws when two share an id. */
export function createCatalogue(tools: readonly Tool[]): OperationCatalogue {
  const all = tools.flatMap(({ operations }) => operations);
  const byId = new Map<string, AnyOperation>();
  for (const operation of all) {
    if (byId.has(operation.id)) throw new Error(`Two operations are called ${operation.id}.`);
    byId.set(operation.id, operation);
  }
  return { all, find: (id) => byId.get(id) };
}

/** Loads what the tools import only when they are used. For step processes that are forked ahead of their work. */
export async function warmUp(): Promise<void> {
  await Promise.all([warmUpDocker(), warmUpShell()]);
}
