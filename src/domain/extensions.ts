import type { Json } from './json.ts';

/** What an operator adds to the tools that ship. Every process has the same, and each step is told it when it starts. */
export type Extensions = { plugins: readonly Plugin[]; mcp: readonly McpServer[] };

export const noExtensions: Extensions = { plugins: [], mcp: [] };

/** A kept copy of code that is not Reign's: what was hashed is what runs, whatever happens to the original. */
export type KeptCode = { folder: string; digest: string };

/** A folder or package with a tool. `from` is what the configuration says, `entry` its module in the copy. */
export type PluginCode = KeptCode & { from: string; entry: string };

/** A plugin that was loaded, and the name of the tool that it exports. */
export type Plugin = PluginCode & { tool: string };

/** A server whose tools are operations: behind a connection of the broker, or a program that runs in the step. */
export type McpServer = {
  name: string;
  environment?: string;
  /** Names of the tools that only read, as the configuration says; never as the server says. */
  reads: readonly string[];
  reach:
    | { kind: 'http'; connection: string; url: string }
    | { kind: 'stdio'; command: readonly string[]; env: Readonly<Record<string, string>>; code?: KeptCode };
  tools: readonly McpTool[];
};

export type McpTool = {
  name: string;
  description: string;
  inputSchema: { [key: string]: Json };
  /** Whether the server itself calls it destructive. */
  destructive: boolean;
};
