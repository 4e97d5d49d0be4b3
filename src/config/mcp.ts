import type { Config, McpConfig, ServiceConfig } from './config.ts';
import type { RawConfig } from './schema.ts';

type Path = (text: string) => string;

/** The MCP servers, whether programs or behind an address. */
export function mcpOf(raw: RawConfig, path: Path): Config['mcp'] {
  return Object.entries(raw.mcp ?? {}).map(([name, server]): McpConfig => {
    const { environment, reads = [] } = server;
    const shared = { name, reads, ...(environment === undefined ? {} : { environment }) };
    if ('url' in server) return { ...shared, url: server.url };
    const { command, env = {}, folder } = server;
    return { ...shared, command, env, ...(folder === undefined ? {} : { folder: path(folder) }) };
  });
}

/** The MCP servers behind an address that belong to an environment. */
export function mcpServices(raw: RawConfig, environment: string, path: Path): ServiceConfig[] {
  return Object.entries(raw.mcp ?? {}).flatMap(([name, server]): ServiceConfig[] => {
    if (!('url' in server) || server.environment !== environment) return [];
    const { url, token, reads = [] } = server;
    const from = token?.startsWith('file:') ? `file:${path(token.slice(5))}` : token;
    return [{ kind: 'mcp', name, url, reads, ...(from === undefined ? {} : { token: from }) }];
  });
}
