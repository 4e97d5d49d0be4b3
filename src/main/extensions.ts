import type { Config } from '../config/index.ts';
import type { Extensions, Plugin } from '../domain/extensions.ts';
import { FaultError } from '../domain/fault.ts';
import type { Tool } from '../domain/operation.ts';
import { mcpTool } from '../mcp/index.ts';
import { findPlugin, loadPlugin } from '../plugins/index.ts';
import { checkTool } from '../tools/conformance.ts';
import { tools as shipped } from '../tools/registry.ts';
import { type Asking, askServers } from './mcp-servers.ts';

/** Tools that the configuration adds, what steps are told of them, and what is missing of them. */
export type Extended = { extensions: Extensions; tools: readonly Tool[]; missing: readonly string[] };

/**
 * Loads what the configuration adds, keeping copies of its code below `into`. A plugin that fails the conformance suite
 * is refused; an MCP server that does not answer is left out. @throws FaultError naming the plugin and what is wrong
 * with it.
 */
export async function loadExtensions(config: Config, into: string, asking: Asking): Promise<Extended> {
  const tools: Tool[] = [];
  const plugins: Plugin[] = [];
  const names = () => [...shipped, ...tools].map(({ name }) => name);
  for (const { from, base } of config.plugins) {
    const plugin = await findPlugin(from, base, into);
    const tool = await loadPlugin(plugin, [...names(), 'mcp'], 'service');
    demandGood(from, tool);
    plugins.push({ ...plugin, tool: tool.name });
    tools.push(tool);
  }
  const { servers, missing } = await askServers(config, into, asking);
  for (const server of servers) {
    if (names().includes(server.name))
      throw new FaultError('bad-request', `mcp.${server.name}: there is another tool of that name.`);
    tools.push(mcpTool(server));
  }
  return { extensions: { plugins, mcp: servers }, tools, missing };
}

function demandGood(from: string, tool: Tool): void {
  const problems = checkTool(tool).flatMap(({ id, problems }) => problems.map((each) => `${id}: ${each}`));
  if (problems.length === 0) return;
  const what = `The plugin ${from} fails the checks of \`reign tools check\`:`;
  throw new FaultError('bad-request', [what, ...problems].join('\n'));
}
