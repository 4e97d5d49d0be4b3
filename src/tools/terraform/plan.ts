import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { locateWorkspace } from './locate.ts';
import { makePlan } from './make-plan.ts';
import { examples } from './plan.examples.ts';
import { actions } from './plan-json.ts';
import { changeTable, summaryOf } from './words.ts';
import { memoryMb, withWorkCopy } from './work-copy.ts';
import { assessWorkspace, commandFor, wordsOf, workspaceInput, workspaceRequest } from './workspace.ts';

const attribute = z.object({ name: z.string(), before: z.string(), after: z.string() });

export const changeOutput = z.object({
  address: z.string(),
  type: z.string(),
  action: z.enum(actions),
  because: z.string(),
  attributes: z.array(attribute),
});

/** Rows that a person is shown; the counts are of all. */
export const mostRows = 200;

export const plan = defineOperation({
  ...readParts,
  id: 'terraform.plan',
  version: 1,
  summary: 'Shows what applying a Terraform workspace would change, what is destroyed first.',
  request: workspaceRequest,
  input: workspaceInput,
  output: z.object({
    summary: z.string(),
    changes: z.array(changeOutput),
    outputs: z.array(z.string()),
    warnings: z.array(z.string()),
    serial: z.number().nullable(),
  }),
  examples,
  connections: ['terraform'],
  sensitive: true,
  limits: { seconds: 240, memoryMb },
  resolve: async (request, reader) => locateWorkspace(request, reader, 'plan'),
  assess: (input) => assessWorkspace(input, 'read'),
  describe: (input) => ({ title: `Plan ${wordsOf(input)}`, byHand: commandFor(input, 'plan') }),
  execute: (input, reader) =>
    withWorkCopy(reader, input, async (copy) => {
      const { changes, outputs, warnings, about } = await makePlan(copy, input, 'apply');
      const summary = summaryOf(changes, outputs);
      return { summary, changes: changes.slice(0, mostRows), outputs, warnings, serial: about.serial };
    }),
  render({ summary, changes, outputs, warnings }, { name }) {
    const notes = warnings.map((warning) => `Warning: ${warning}`);
    if (outputs.length > 0) notes.unshift(`Outputs that change: ${outputs.join(', ')}.`);
    if (changes.length === 0) return { kind: 'text', text: [`${name}: ${summary}`, ...notes].join('\n') };
    return changeTable(changes, [`${name}: ${summary}.`, ...notes].join('\n'));
  },
});
