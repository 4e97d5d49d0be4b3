import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { PluginCode } from '../domain/extensions.ts';
import { FaultError } from '../domain/fault.ts';
import type { AnyOperation, Tool } from '../domain/operation.ts';
import { versionOf } from './code-version.ts';
import { guardOperation, type Place } from './guard.ts';
import { kit } from './kit.ts';
import { kinds, toolShape } from './tool-shape.ts';

/**
 * Imports a plugin and returns its tool, guarded. `taken` are names of tools that it may not have.
 * @throws FaultError `bad-request` with the module and what is wrong with it.
 */
export async function loadPlugin(plugin: PluginCode, taken: readonly string[], place: Place): Promise<Tool> {
  const exported = await importTool(plugin);
  const parsed = toolShape.safeParse(exported);
  if (!parsed.success) throw wrong(plugin, z.prettifyError(parsed.error));
  const { name, summary } = parsed.data;
  if (taken.includes(name) || Object.hasOwn(kinds, name)) throw wrong(plugin, `The name ${name} is taken.`);
  const given = (exported as Tool).operations;
  const operations = given.map((each): AnyOperation => {
    return guardOperation(each, versionOf({ digest: plugin.digest, version: each.version }), place);
  });
  for (const operation of operations) {
    const problem = problemOf(name, operation);
    if (problem) throw wrong(plugin, problem);
  }
  const ids = operations.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice) throw wrong(plugin, `Two operations are called ${twice}.`);
  return Object.freeze({ name, summary, operations: Object.freeze(operations) });
}

async function importTool(plugin: PluginCode): Promise<unknown> {
  const file = path.join(plugin.folder, plugin.entry);
  const module = (await import(pathToFileURL(file).href).catch((error: unknown) => {
    throw wrong(plugin, `It cannot be imported: ${error instanceof Error ? error.message : String(error)}`);
  })) as { tool?: unknown };
  if (typeof module.tool !== 'function') return module.tool;
  try {
    return (module.tool as (given: typeof kit) => unknown)(kit);
  } catch (error) {
    throw wrong(plugin, `tool(kit) fails: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function problemOf(tool: string, { id, effect, previews, undo }: AnyOperation): string | undefined {
  if (!id.startsWith(`${tool}.`)) return `${id} is none of ${tool}'s: its id begins with "${tool}.".`;
  if ((effect === 'read') !== (previews === 'none'))
    return `${id}: a read has the previews "none", and a write another kind.`;
  if (effect === 'read' && undo.kind === 'reversible') return `${id}: a read has nothing to undo.`;
  return undefined;
}

function wrong({ from, entry }: PluginCode, what: string): FaultError {
  return new FaultError('bad-request', `The plugin ${from} cannot be used (${entry}).\n${what}`);
}
