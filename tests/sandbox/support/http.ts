import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  request,
  type Server,
} from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { baseUrlOf } from '../../../src/sandbox/broker/connection-name.ts';

export type Answer = { status: number; headers: IncomingHttpHeaders; text: string };
export type Asked = {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
};

/** Sends a request to a broker's socket, as a step does. */
export function ask(socketPath: string, connection: string, asked: Asked = {}): Promise<Answer> {
  const { method = 'GET', path = '/version', headers, body } = asked;
  return new Promise((resolve, reject) => {
    const options = {
      ...{ socketPath, method, path, agent: false as const },
      headers: {
        host: new URL(baseUrlOf(connection)).host,
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
    };
    const sent = request(options, (response) => {
      text(response).then(
        (said) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: said }),
        reject,
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Writes bytes to a broker's socket and returns all that comes back. */
export function askRaw(socketPath: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath, () => socket.end(bytes));
    socket.on('error', reject);
    text(socket).then(resolve, reject);
  });
}

/** A server on loopback. */
export async function serve(
  listener: RequestListener,
): Promise<{ server: Server; port: number; url: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `http://127.0.0.1:${port}` };
}
