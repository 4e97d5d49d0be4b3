import type { AnyOperation, OperationCatalogue, Tool } from '../domain/operation.ts';
import { cicd } from './cicd/index.ts';
import { docker } from './docker/index.ts';
import { github } from './github/index.ts';
import { createGitops } from './gitops/index.ts';
import { helm } from './helm/index.ts';
import { kubernetes, warmUp as warmUpKubernetes } from './kubernetes/index.ts';
import { monitoring } from './monitoring/index.ts';
import { reign } from './reign/index.ts';
import { shell } from './shell/index.ts';
import { terraform } from './terraform/index.ts';

/** Every tool: one folder, one line. */
export const tools: readonly Tool[] = [
  kubernetes,
  docker,
  helm,
  terraform,
  github,
  cicd,
  shell,
  monitoring,
  createGitops(kubernetes.operations),
  reign,
];

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

/**
 * Loads ahead what nearly every step needs. Docker's client and the shell's grammar are loaded when they are used:
 * every step process would pay for them.
 */
export async function warmUp(): Promise<void> {
  await warmUpKubernetes();
}
