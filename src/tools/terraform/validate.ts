import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { failureOf, hintFor } from './faults.ts';
import { locateWorkspace } from './locate.ts';
import { diagnosticsOf } from './messages.ts';
import { examples } from './validate.examples.ts';
import { memoryMb, withWorkCopy } from './work-copy.ts';
import { assessWorkspace, commandFor, wordsOf, workspaceInput, workspaceRequest } from './workspace.ts';

export const validate = defineOperation({
  ...readParts,
  id: 'terraform.validate',
  version: 1,
  summary: 'Checks the files of a Terraform workspace: syntax, references and types, and their format.',
  request: workspaceRequest,
  input: workspaceInput,
  output: z.object({
    valid: z.boolean(),
    errors: z.array(z.string()),
    warnings: z.array(z.string()),
    /** Files that `terraform fmt` would write otherwise. */
    unformatted: z.array(z.string()),
    hint: z.string(),
  }),
  examples,
  connections: ['terraform'],
  limits: { seconds: 180, memoryMb },
  resolve: async (request, reader) => locateWorkspace(request, reader, 'check'),
  assess: (input) => assessWorkspace(input, 'read'),
  describe: (input) => ({
    title: `Check the files of ${wordsOf(input)}`,
    byHand: commandFor(input, 'validate'),
  }),
  execute: (input, reader) =>
    withWorkCopy(
      reader,
      input,
      async ({ run }) => {
        const result = await run(['validate', '-no-color', '-json']);
        const answer = parse(result.stdout);
        if (answer === undefined) throw failureOf(input, 'validate', result);
        const { errors, warnings } = diagnosticsOf(answer.diagnostics ?? []);
        const format = await run(['fmt', '-check', '-recursive', '-list=true']);
        // 3 says that there are some, 2 that a file cannot be read: then validate has said so.
        if (answer.valid === true && format.exitCode !== 0 && format.exitCode !== 3)
          throw failureOf(input, 'fmt', format);
        const names = format.stdout.split('\n').filter((name) => name !== '' && !name.startsWith('reign_'));
        const valid = answer.valid === true;
        const hint = hintFor(errors.join('\n')) ?? '';
        return { valid, errors, warnings, unformatted: valid ? names : [], hint };
      },
      'files',
    ),
  render({ valid, errors, warnings, unformatted, hint }, input) {
    const words = wordsOf(input);
    const said = valid
      ? [`The files of the ${words} are valid.`]
      : [`The files of the ${words} are not valid:`];
    const format = unformatted.length === 0 ? [] : [`terraform fmt would change: ${unformatted.join(', ')}.`];
    const lines = [...said, ...errors, ...warnings.map((text) => `Warning: ${text}`), ...format, hint];
    return { kind: 'text', text: lines.filter((line) => line !== '').join('\n') };
  },
});

type Answer = { valid?: boolean; diagnostics?: Parameters<typeof diagnosticsOf>[0] };

function parse(text: string): Answer | undefined {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return undefined;
  }
}
