import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { examples } from './drift.examples.ts';
import { locateWorkspace } from './locate.ts';
import { makePlan } from './make-plan.ts';
import { changeOutput, mostRows } from './plan.ts';
import type { Change } from './plan-json.ts';
import { resourcesIn } from './state-resources.ts';
import { changeTable, summaryOf } from './words.ts';
import { memoryMb, withWorkCopy } from './work-copy.ts';
import { assessWorkspace, commandFor, wordsOf, workspaceInput, workspaceRequest } from './workspace.ts';

export const drift = defineOperation({
  ...readParts,
  id: 'terraform.drift',
  version: 1,
  summary: 'Finds what differs in the world from the state of a Terraform workspace.',
  request: workspaceRequest,
  input: workspaceInput,
  output: z.object({
    /** How many resources were looked at. */
    known: z.number(),
    summary: z.string(),
    drift: z.array(changeOutput),
    warnings: z.array(z.string()),
  }),
  examples,
  connections: ['terraform'],
  sensitive: true,
  limits: { seconds: 240, memoryMb },
  resolve: async (request, reader) => locateWorkspace(request, reader, 'check for drift'),
  assess: (input) => assessWorkspace(input, 'read'),
  describe: (input) => ({
    title: `Check ${wordsOf(input)} for drift`,
    byHand: commandFor(input, 'plan -refresh-only'),
  }),
  execute: (input, reader) =>
    withWorkCopy(reader, input, async (copy) => {
      const { drift, warnings } = await makePlan(copy, input, 'refresh-only');
      const known = resourcesIn(await copy.states.read()).length;
      return { known, summary: summaryOf(drift), drift: drift.slice(0, mostRows), warnings };
    }),
  render: ({ known, summary, drift, warnings }, input) =>
    renderDrift(wordsOf(input), known, summary, drift, warnings),
});

export function renderDrift(
  words: string,
  known: number,
  summary: string,
  drift: readonly Change[],
  warnings: readonly string[],
) {
  const notes = warnings.map((warning) => `Warning: ${warning}`);
  if (known === 0)
    return { kind: 'text' as const, text: `The ${words} has made nothing yet: there is nothing to differ.` };
  if (drift.length === 0) {
    const text = `No drift: all ${known} resources of the ${words} are as its state says.`;
    return { kind: 'text' as const, text: [text, ...notes].join('\n') };
  }
  const how = 'Apply puts things back to what the files say; changing the files keeps what is.';
  return changeTable(drift, [`${summary} outside of Terraform. ${how}`, ...notes].join('\n'));
}
