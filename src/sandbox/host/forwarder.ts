import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Connection, Forwarder } from '../../domain/ports/reader.ts';

/**
 * Listens on the loopback of the sandbox, which nobody else shares, and passes everything on to one connection of the
 * broker: a program that speaks plain HTTP needs no credential and no trust.
 */
export async function openForwarder(connection: Connection): Promise<Forwarder> {
  const server = createServer((request, response) => pass(connection, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function pass({ socketPath, baseUrl }: Connection, request: IncomingMessage, response: ServerResponse): void {
  const headers = { ...request.headers, host: new URL(baseUrl).host };
  const { method, url: path } = request;
  const onward = httpRequest({ socketPath, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', (error) => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end(`The broker does not answer: ${error.message}`);
  });
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}
