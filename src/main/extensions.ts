import type { Config } from '../config/index.ts';
import type { Extensions } from '../domain/extensions.ts';
import { FaultError } from '../domain/fault.ts';
import type { Tool } from '../domain/operation.ts';
import { findPlugin, loadPlugin } from '../plugins/index.ts';
import { checkTool } from '../tools/conformance.ts';
import { tools as shipped } from '../tools/registry.ts';

/** Tools that the configuration adds, and what steps are told of them. */
export type Extended = { extensions: Extensions; tools: readonly Tool[] };

/**
 * Loads what the configuration adds, keeping copies of its code below `into`. A plugin that fails the conformance suite
 * is refused. @throws FaultError naming the plugin and what is wrong with it.
 */
export async function loadExtensions(config: Pick<Config, 'plugins'>, into: string): Promise<Extended> {
  const taken = shipped.map(({ name }) => name);
  const tools: Tool[] = [];
  const plugins = [];
  for (const { from, base } of config.plugins) {
    const plugin = await findPlugin(from, base, into);
    const tool = await loadPlugin(plugin, [...taken, ...tools.map(({ name }) => name)], 'service');
    const problems = checkTool(tool).flatMap(({ id, problems }) => problems.map((each) => `${id}: ${each}`));
    if (problems.length > 0)
      throw new FaultError(
        'bad-request',
        `The plugin ${from} fails the checks of \`reign tools check\`:\n${problems.join('\n')}`,
      );
    plugins.push(plugin);
    tools.push(tool);
  }
  return { extensions: { plugins, mcp: [] }, tools };
}
