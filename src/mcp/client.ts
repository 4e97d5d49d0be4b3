import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { McpServer } from '../domain/extensions.ts';
import { FaultError } from '../domain/fault.ts';
import type { Reader } from '../domain/ports/reader.ts';
import { httpTransport } from './http-transport.ts';
import { stdioTransport } from './stdio-transport.ts';

/**
 * Opens a session with a server from inside a step, uses it and ends it. The client offers the server nothing: no
 * model, no files, no questions to people.
 * @throws FaultError `unreachable` with what went wrong.
 */
export async function withClient<Value>(
  reader: Reader,
  server: Pick<McpServer, 'name' | 'reach'>,
  use: (client: Client) => Promise<Value>,
): Promise<Value> {
  // Most steps talk to no such server.
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const client = new Client({ name: 'reign', version: '1' });
  const transport = await transportTo(reader, server);
  let told: string | undefined;
  client.onerror = ({ message }) => {
    told = message;
  };
  try {
    await client.connect(transport, { timeout: connectMilliseconds, signal: reader.signal });
    return await use(client);
  } catch (error) {
    if (error instanceof FaultError) throw error;
    const why = [error instanceof Error ? error.message : String(error), told].join('. ');
    throw new FaultError('unreachable', `The MCP server ${server.name}: ${why}`, { cause: error });
  } finally {
    await client.close().catch(() => undefined);
  }
}

const connectMilliseconds = 12_000;

async function transportTo(reader: Reader, { reach }: Pick<McpServer, 'name' | 'reach'>): Promise<Transport> {
  return reach.kind === 'http' ? httpTransport(reader, reach.connection) : stdioTransport(reader, reach);
}
