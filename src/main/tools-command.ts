import path from 'node:path';
import { renderContent } from '../../adapters/terminal/index.ts';
import { createOutput } from '../cli/output.ts';
import { loadConfig } from '../config/index.ts';
import type { Tool } from '../domain/operation.ts';
import { findPlugin, loadPlugin } from '../plugins/index.ts';
import { checkTool } from '../tools/conformance.ts';
import { tools as shipped } from '../tools/registry.ts';
import { inOwnFolder, withTools } from './configured-tools.ts';

type Options = { json: boolean; config?: string };

/** `reign tools`: every operation with effect, repeat, preview and undo kind; those of plugins too. */
export async function listTools({ json, config }: Options): Promise<number> {
  const output = createOutput(json);
  const operations = (await withTools(configOf(config), async (tools) => tools)).flatMap(
    (tool) => tool.operations,
  );
  for (const { id, version, summary, effect, repeat, previews, undo } of operations) {
    output.event({
      type: 'operation',
      id,
      version,
      summary,
      effect,
      repeat,
      preview: previews,
      undo: undo.kind,
      ...(undo.kind === 'irreversible' ? { irreversible_because: undo.reason } : {}),
    });
  }
  output.say(
    renderContent({
      kind: 'table',
      columns: ['operation', 'effect', 'repeat', 'preview', 'undo', 'what it does'],
      rows: operations.map(({ id, effect, repeat, previews, undo, summary }) => [
        id,
        effect,
        repeat,
        previews,
        effect === 'read' ? '-' : undo.kind,
        summary,
      ]),
    }),
  );
  return 0;
}

/** `reign tools check [PLACE]`: a line for each operation, with why it fails. Exit code 1 when one does. */
export async function checkTools(place: string | undefined, { json, config }: Options): Promise<number> {
  const output = createOutput(json);
  const checked =
    place === undefined
      ? await withTools(configOf(config), async (tools) => tools.flatMap((tool) => checkTool(tool)))
      : checkTool(await inOwnFolder((into) => pluginAt(place, into)));
  for (const { id, problems, tried } of checked) {
    const ok = problems.length === 0;
    const untried = tried === 0 ? 'no input could be made up for it: what it assesses was not tried' : '';
    const says = ok ? untried || `${tried} inputs tried` : problems.join('; ');
    output.event({ type: 'check', name: id, ok, says });
    output.say(`${ok ? 'ok  ' : 'FAIL'} ${id.padEnd(28)} ${says}`);
  }
  return checked.some(({ problems }) => problems.length > 0) ? 1 : 0;
}

async function pluginAt(place: string, into: string): Promise<Tool> {
  const from = place === '.' || /[/\\]/.test(place) ? path.resolve(place) : place;
  const plugin = await findPlugin(from, process.cwd(), into);
  const taken = shipped.map(({ name }) => name);
  return loadPlugin(plugin, taken, 'service');
}

function configOf(file: string | undefined) {
  return loadConfig({ cwd: process.cwd(), env: process.env, file });
}
