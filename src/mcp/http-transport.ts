import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Reader } from '../domain/ports/reader.ts';

/** Streamable HTTP through the broker's socket. Calls of tools go to the path that names the tool, for the judge. */
export async function httpTransport(reader: Reader, connectionId: string): Promise<Transport> {
  const { StreamableHTTPClientTransport } = await import(
    '@modelcontextprotocol/sdk/client/streamableHttp.js'
  );
  const { Agent, fetch: undiciFetch } = await import('undici');
  const { socketPath, baseUrl } = reader.connect(connectionId);
  // A tool may be silent for long; the step's deadline ends it.
  const dispatcher = new Agent({ connect: { socketPath }, headersTimeout: 0, bodyTimeout: 0 });
  const through = async (_url: unknown, init: RequestInit = {}) => {
    // The stream on which a server would ask its client for things is not opened.
    if (init.method === 'GET') return new Response(null, { status: 405 });
    const headers = Object.fromEntries(new Headers(init.headers));
    return undiciFetch(`${baseUrl}/${toolNamed(init.body)}`, { ...init, headers, dispatcher } as never);
  };
  const transport = new StreamableHTTPClientTransport(new URL(`${baseUrl}/`), { fetch: through as never });
  const close = transport.close.bind(transport);
  transport.close = async () => {
    await transport.terminateSession().catch(() => undefined);
    await close();
    await dispatcher.destroy();
  };
  return transport as Transport;
}

function toolNamed(body: unknown): string {
  if (typeof body !== 'string') return '';
  const message = JSON.parse(body) as { method?: string; params?: { name?: string } };
  return message.method === 'tools/call' ? encodeURIComponent(message.params?.name ?? '') : '';
}
