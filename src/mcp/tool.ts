import type { McpServer, McpTool } from '../domain/extensions.ts';
import type { AnyOperation, Tool } from '../domain/operation.ts';
import { toolOperation } from './operation.ts';
import { schemasOf } from './tool-schemas.ts';

const mostTools = 100;

/** The operations of a server: the same in every process that is told the same of it. */
export function mcpTool(server: McpServer): Tool {
  const operations = server.tools.map((tool) => toolOperation(server, tool) as AnyOperation);
  return { name: server.name, summary: `Tools of the MCP server ${server.name}.`, operations };
}

/** Sorts the tools that a server lists into those that become operations, and why the others do not. */
export function usableTools(tools: readonly McpTool[]): { tools: McpTool[]; left: string[] } {
  const left: string[] = [];
  const verbs = new Map<string, string>();
  const usable = tools.filter((tool, at) => {
    const problem = at >= mostTools ? `more than ${mostTools} tools` : problemOf(tool, verbs);
    if (problem) left.push(`${tool.name.slice(0, 80)}: ${problem}`);
    return problem === undefined;
  });
  return { tools: usable, left };
}

/** `createIssue` and `create-issue` are both `create_issue`. */
export function verbOf(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return words.replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
}

function problemOf(tool: McpTool, verbs: Map<string, string>): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(tool.name)) return 'its name cannot be used';
  const verb = verbOf(tool.name);
  const other = verbs.get(verb);
  if (other !== undefined) return `it is called as ${other} is`;
  verbs.set(verb, tool.name);
  try {
    schemasOf(tool);
    return undefined;
  } catch (error) {
    return `its schema cannot be understood (${error instanceof Error ? error.message : String(error)})`;
  }
}
