import { readFile } from 'node:fs/promises';
import { renderContent } from '../../adapters/terminal/index.ts';
import { createOutput } from '../cli/output.ts';
import { loadConfig } from '../config/index.ts';
import { FaultError } from '../domain/fault.ts';
import type { Runbook } from '../domain/runbook.ts';
import { loadRunbooks, readRunbook } from '../runbooks/index.ts';
import { createCatalogue } from '../tools/registry.ts';
import { withTools } from './configured-tools.ts';

/** `reign runbooks [NAME]`: all of them, or one with its parameters and steps. Throws FaultError. */
export async function showRunbooks(
  name: string | undefined,
  { json, config }: { json: boolean; config?: string },
): Promise<number> {
  const output = createOutput(json);
  const loaded = loadConfig({ cwd: process.cwd(), env: process.env, file: config });
  const catalogue = await withTools(loaded, async (tools) => createCatalogue(tools).all);
  const { runbookFolders } = loaded;
  const runbooks = loadRunbooks(runbookFolders, catalogue);
  const shown = name === undefined ? runbooks : runbooks.filter((each) => each.name === name);
  if (shown.length === 0) throw new FaultError('not-found', `There is no runbook ${name}.`);
  for (const { steps, parameters, ...rest } of shown)
    output.event({
      type: 'runbook',
      ...rest,
      parameters,
      steps: steps.map(({ key, operation }) => ({ key, operation })),
    });
  const [only] = shown;
  output.say(name !== undefined && only ? detailsOf(only) : tableOf(shown));
  return 0;
}

/** `reign runbooks check FILE…`: what is wrong, with file and line. Exit code 1 when something is. */
export async function checkRunbooks(
  files: readonly string[],
  { json, config }: { json: boolean; config?: string },
): Promise<number> {
  const output = createOutput(json);
  const loaded = loadConfig({ cwd: process.cwd(), env: process.env, file: config });
  const catalogue = await withTools(loaded, async (tools) => createCatalogue(tools).all);
  let wrong = 0;
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch((error: Error) => {
      throw new FaultError('not-found', `The runbook cannot be read: ${error.message}`);
    });
    const { runbook, problems } = readRunbook(text, file, catalogue);
    wrong += problems.length;
    for (const problem of problems) {
      output.event({ type: 'problem', ...problem });
      output.say(`${file}:${problem.line}: ${problem.message}`);
    }
    if (runbook) output.say(`${file}: ${runbook.name}, ${runbook.steps.length} steps`);
  }
  return wrong === 0 ? 0 : 1;
}

function tableOf(runbooks: readonly Runbook[]): string {
  const rows = runbooks.map(({ name, summary, file }) => [name, summary, file]);
  return renderContent({ kind: 'table', columns: ['runbook', 'what it is for', 'from'], rows });
}

function detailsOf({ name, summary, parameters, steps, examples }: Runbook): string {
  const wants = parameters.map((each) => {
    const standard =
      each.default === undefined
        ? each.optional
          ? ', optional'
          : ''
        : `, default ${JSON.stringify(each.default)}`;
    return `  ${each.name} (${each.type}${standard}): ${each.description}`;
  });
  const does = steps.map(
    ({ key, operation, needs }) =>
      `  ${key}: ${operation}${needs.length > 0 ? ` (after ${needs.join(', ')})` : ''}`,
  );
  const said = examples.map((example) => `  "${example}"`);
  return [`${name}: ${summary}`, 'Parameters', ...wants, 'Steps', ...does, 'Asked for as', ...said].join(
    '\n',
  );
}
