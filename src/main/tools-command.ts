import { renderContent } from '../../adapters/terminal/index.ts';
import { createOutput } from '../cli/output.ts';
import { tools } from '../tools/registry.ts';

/** `reign tools`: every operation with effect, repeat, preview and undo kind. */
export async function listTools({ json }: { json: boolean }): Promise<number> {
  const output = createOutput(json);
  const operations = tools.flatMap((tool) => tool.operations);
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
