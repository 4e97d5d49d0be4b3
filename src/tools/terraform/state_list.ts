import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { locateWorkspace } from './locate.ts';
import { readState } from './look-at-state.ts';
import { examples } from './state_list.examples.ts';
import { resourcesIn } from './state-resources.ts';
import { assessWorkspace, commandFor, wordsOf, workspaceInput, workspaceRequest } from './workspace.ts';

const mostRows = 500;

export const stateList = defineOperation({
  ...readParts,
  id: 'terraform.state_list',
  version: 1,
  summary: 'Lists the resources in the state of a Terraform workspace.',
  request: workspaceRequest,
  input: workspaceInput,
  output: z.object({
    count: z.number(),
    resources: z.array(
      z.object({ address: z.string(), type: z.string(), provider: z.string(), tainted: z.boolean() }),
    ),
  }),
  examples,
  connections: ['terraform'],
  resolve: async (request, reader) => locateWorkspace(request, reader, 'list the resources of'),
  assess: (input) => assessWorkspace(input, 'read'),
  describe: (input) => ({
    title: `List the resources of ${wordsOf(input)}`,
    byHand: commandFor(input, 'state list'),
  }),
  async execute(input, reader) {
    const resources = resourcesIn(await readState(reader, input));
    return { count: resources.length, resources: resources.slice(0, mostRows) };
  },
  render({ count, resources }, input) {
    if (count === 0) return { kind: 'text', text: `The state of ${wordsOf(input)} holds no resources.` };
    const rows = resources.map(({ address, provider, tainted }) => [
      address,
      provider,
      tainted ? 'tainted: the next apply makes it anew' : '',
    ]);
    const note =
      count > rows.length ? `${count} resources; the first ${rows.length} are shown.` : `${count} in all.`;
    return { kind: 'table', columns: ['resource', 'provider', 'remark'], rows, note };
  },
});
