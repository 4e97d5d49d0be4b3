import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { shown } from './attributes.ts';
import { locateWorkspace } from './locate.ts';
import { readState } from './look-at-state.ts';
import { examples } from './output.examples.ts';
import { assessWorkspace, commandFor, wordsOf, workspaceInput, workspaceRequest } from './workspace.ts';

type StateOutputs = { [name: string]: { value?: unknown; sensitive?: boolean } };

/** Values are shown whole, unless they are longer than any address or name. */
const longestValue = 2000;

export const output = defineOperation({
  ...readParts,
  id: 'terraform.output',
  version: 1,
  summary: 'Shows the outputs of a Terraform workspace as they were last applied; sensitive ones masked.',
  request: workspaceRequest,
  input: workspaceInput,
  output: z.object({
    applied: z.boolean(),
    outputs: z.array(z.object({ name: z.string(), value: z.string(), sensitive: z.boolean() })),
  }),
  examples,
  connections: ['terraform'],
  sensitive: true,
  resolve: async (request, reader) => locateWorkspace(request, reader, 'see the outputs of'),
  assess: (input) => assessWorkspace(input, 'read'),
  describe: (input) => ({
    title: `Show the outputs of ${wordsOf(input)}`,
    byHand: commandFor(input, 'output'),
  }),
  async execute(input, reader) {
    const text = await readState(reader, input);
    const { outputs = {} } = (text === undefined ? {} : JSON.parse(text)) as { outputs?: StateOutputs };
    const rows = Object.entries(outputs).map(([name, { value, sensitive = false }]) => {
      return { name, value: sensitive ? '(sensitive)' : shown(value, longestValue), sensitive };
    });
    return { applied: text !== undefined, outputs: rows.sort((a, b) => (a.name < b.name ? -1 : 1)) };
  },
  render({ applied, outputs }, input) {
    if (!applied)
      return { kind: 'text', text: `The ${wordsOf(input)} was never applied: it has no outputs yet.` };
    if (outputs.length === 0) return { kind: 'text', text: `The ${wordsOf(input)} has no outputs.` };
    return {
      kind: 'table',
      columns: ['output', 'value'],
      rows: outputs.map(({ name, value }) => [name, value]),
    };
  },
});
