import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { McpTool } from '../domain/extensions.ts';
import { FaultError } from '../domain/fault.ts';

const mostPages = 20;
const mostBytes = 1024 * 1024;

/** Every tool that a server lists. @throws FaultError `too-large`. */
export async function listTools(client: Client): Promise<McpTool[]> {
  const tools: McpTool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await client.listTools(cursor === undefined ? {} : { cursor });
    for (const { name, description = '', inputSchema, annotations } of answer.tools) {
      const destructive = annotations?.destructiveHint === true;
      tools.push({ name, description, inputSchema: inputSchema as McpTool['inputSchema'], destructive });
    }
    if (JSON.stringify(tools).length > mostBytes)
      throw new FaultError('too-large', 'The server lists more than 1 MB of tools.');
    cursor = answer.nextCursor;
    if (cursor === undefined) return tools;
  }
  throw new FaultError('too-large', `The server lists its tools on more than ${mostPages} pages.`);
}
