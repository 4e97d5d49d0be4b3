import path from 'node:path';
import { type Config, environmentsView, type McpConfig } from '../config/index.ts';
import type { McpServer, McpTool } from '../domain/extensions.ts';
import { FaultError, toFault } from '../domain/fault.ts';
import type { OpenSecret } from '../domain/ports/credentials.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import type { Sandbox } from '../domain/ports/sandbox.ts';
import { usableTools } from '../mcp/index.ts';
import { keepCode } from '../plugins/index.ts';
import { createSandbox } from '../sandbox/index.ts';
import { type CredentialReference, createCredentialSource } from '../vault/credentials.ts';
import { stepCode } from './package-root.ts';

/** How the servers are reached while they are asked for their tools. */
export type Asking = {
  references: ReadonlyMap<string, CredentialReference>;
  openSecret: OpenSecret;
  workRoot: string;
  logger: Logger;
};

/**
 * Asks each configured MCP server for its tools, from inside a step, as it will be used: through the broker, or as a
 * program without network. What does not answer, or cannot be used, is told in `missing`.
 */
export async function askServers(
  config: Config,
  into: string,
  { references, openSecret, ...around }: Asking,
): Promise<{ servers: McpServer[]; missing: string[] }> {
  if (config.mcp.length === 0) return { servers: [], missing: [] };
  const configured = await Promise.all(config.mcp.map((server) => serverOf(server, into)));
  const sandbox = await createSandbox({
    ...stepCode,
    ...around,
    extensions: { plugins: [], mcp: configured },
    environments: environmentsView(config),
    credentials: createCredentialSource(references, openSecret),
    redact: (text) => text,
    httpAllow: [],
    poolSize: 0,
    isolation: 'if-available',
  });
  try {
    const missing: string[] = [];
    const asked = configured.map(async (server): Promise<McpServer[]> => {
      try {
        const { tools, left } = usableTools(await toolsOf(sandbox, server));
        missing.push(...left.map((each) => `The MCP server ${server.name}: left out ${each}.`));
        missing.push(...unknownReads(server, tools));
        return [{ ...server, tools }];
      } catch (error) {
        missing.push(
          `The operations of the MCP server ${server.name} are missing until Reign is started again: ${toFault(error).message}`,
        );
        return [];
      }
    });
    return { servers: (await Promise.all(asked)).flat(), missing };
  } finally {
    await sandbox.close();
  }
}

async function serverOf(server: McpConfig, into: string): Promise<McpServer> {
  const { name, environment, reads } = server;
  const shared = { name, reads, ...(environment === undefined ? {} : { environment }), tools: [] };
  if ('url' in server) {
    const connection = `mcp:${environment}/${name}`;
    return { ...shared, reach: { kind: 'http', connection, url: server.url } };
  }
  const { command, env, folder } = server;
  const code = folder === undefined ? {} : { code: await keepCode(path.resolve(folder), into) };
  return { ...shared, reach: { kind: 'stdio', command, env, ...code } };
}

async function toolsOf(sandbox: Sandbox, { name, reach }: McpServer): Promise<McpTool[]> {
  const session = await sandbox.open({ planId: `mcp-${name}`, profile: 'tool' });
  try {
    const args = { input: { name }, approved: null, idempotencyKey: 'list' };
    const reply = await session.call(
      { operation: 'mcp.list', phase: 'execute', args },
      {
        grant: { connections: reach.kind === 'http' ? [reach.connection] : [] },
        deadline: new Date(Date.now() + 20_000),
        memoryMb: 1024,
        stop: { signal: 'SIGTERM', graceSeconds: 1 },
      },
    );
    if (!reply.ok) throw new FaultError(reply.fault.code, reply.fault.message);
    return reply.value as McpTool[];
  } finally {
    await session.close();
  }
}

function unknownReads({ name, reads }: McpServer, tools: readonly McpTool[]): string[] {
  const unknown = reads.filter((read) => !tools.some((tool) => tool.name === read));
  return unknown.map((read) => `mcp.${name}.reads: the server has no tool ${read}.`);
}
