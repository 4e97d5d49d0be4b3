import { readFile } from 'node:fs/promises';
import { createOutput } from '../cli/output.ts';
import { FaultError } from '../domain/fault.ts';
import { createBuiltinPlanner, evaluate } from '../planner/index.ts';
import { createCatalogue, tools } from '../tools/registry.ts';

/** `reign eval FILE.jsonl`: scores the built-in planner; the last line holds the numbers. */
export async function evaluateFile(file: string, { json }: { json: boolean }): Promise<number> {
  const output = createOutput(json);
  if (file === '') throw new FaultError('bad-request', 'Say which file of cases, or --llm.');
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new FaultError('not-found', `The cases cannot be read: ${error.message}`);
  });
  const planner = createBuiltinPlanner({ catalogue: createCatalogue(tools).all });
  const scores = evaluate(text, planner);
  if (scores.cases === 0)
    throw new FaultError('bad-request', `${file} holds no cases; that is never a success.`);
  output.event({ type: 'eval', ...scores });
  output.say(
    Object.entries(scores)
      .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
      .join('\n'),
  );
  return 0;
}
