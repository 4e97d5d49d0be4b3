import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { PluginCode } from '../domain/extensions.ts';
import { FaultError } from '../domain/fault.ts';
import { keepCode } from './keep-code.ts';

/**
 * Finds a plugin and keeps a copy of its code below `into`: a path that begins with `.` or `/` is a folder, relative to
 * `base`; anything else a package in a `node_modules` of `base` or above.
 * @throws FaultError `not-found` naming where it was looked for.
 */
export async function findPlugin(from: string, base: string, into: string): Promise<PluginCode> {
  const folder = /^[./]/.test(from) ? path.resolve(base, from) : packageFolder(from, base);
  if (folder === undefined)
    throw new FaultError(
      'not-found',
      `The plugin ${from} is no package in a node_modules of ${base} or above. Install it there, or write ./${from} for a folder.`,
    );
  // Without a package.json Node would take its module for CommonJS.
  const kept = await keepCode(folder, into, '{"type":"module"}\n');
  const entry = await entryOf(kept.folder, from);
  if (existsSync(path.join(kept.folder, entry))) return { ...kept, from, entry };
  throw new FaultError('not-found', `The plugin ${from} has no ${entry}. Name its module as "main".`);
}

function packageFolder(name: string, base: string): string | undefined {
  for (let above = path.resolve(base); ; above = path.dirname(above)) {
    const folder = path.join(above, 'node_modules', name);
    if (existsSync(folder)) return folder;
    if (above === path.dirname(above)) return undefined;
  }
}

const packageFile = z.looseObject({ main: z.string().optional(), exports: z.unknown().optional() });

async function entryOf(folder: string, from: string): Promise<string> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8');
  const parsed = packageFile.safeParse(parse(text));
  if (!parsed.success) throw new FaultError('bad-request', `The package.json of the plugin ${from} is none.`);
  return path.normalize(exported(parsed.data.exports) ?? parsed.data.main ?? 'index.js');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function exported(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (typeof exports !== 'object' || exports === null) return undefined;
  const conditions = exports as Record<string, unknown>;
  return exported(conditions['.'] ?? conditions['import'] ?? conditions['node'] ?? conditions['default']);
}
