import { z } from 'zod';
import type { McpServer } from '../domain/extensions.ts';
import { FaultError } from '../domain/fault.ts';
import { defineOperation } from '../domain/operation.ts';
import { readParts } from '../domain/read-operation.ts';
import { withClient } from './client.ts';
import { listTools } from './list-tools.ts';

const tool = z.strictObject({
  name: z.string(),
  description: z.string(),
  inputSchema: z.record(z.string(), z.json()),
  destructive: z.boolean(),
});

/** Asks a server for its tools from inside a step. No plan can name it: it is in the catalogue of steps alone. */
export function listOperation(servers: readonly McpServer[]) {
  return defineOperation({
    ...readParts,
    id: 'mcp.list',
    version: 1,
    summary: 'Lists the tools of an MCP server.',
    request: z.strictObject({}),
    input: z.strictObject({ name: z.string() }),
    output: z.array(tool),
    examples: [],
    connections: ['mcp'],
    resolve: async () => ({ kind: 'impossible', reason: 'Only Reign itself asks for this.' }),
    assess: () => ({ effect: 'read', targets: [], objects: 0, reasons: [] }),
    describe: ({ name }) => ({ title: `List the tools of ${name}` }),
    async execute({ name }, reader) {
      const server = servers.find((each) => each.name === name);
      if (server === undefined) throw new FaultError('not-found', `No MCP server ${name} is configured.`);
      return withClient(reader, server, listTools);
    },
    render: (tools) => ({ kind: 'lines', lines: tools.map(({ name }) => name) }),
  });
}
