import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Connection, FailedAnswer, Forwarder, MayAsk } from '../../domain/ports/reader.ts';

const brokenOff: FailedAnswer = { status: 502, text: 'The answer broke off.', fault: 'unreachable' };

/** Refusals that are remembered for the report. */
const mostRefusals = 20;
/** Kept of the text of a failed answer. */
const mostText = 4000;

/**
 * Listens on the loopback of the sandbox, which nobody else shares, and passes everything on to one connection of the
 * broker: a program that speaks plain HTTP needs no credential and no trust. As a proxy it asks the broker for tunnels.
 */
export async function openForwarder(
  connection: Connection,
  mayAsk: MayAsk = () => true,
  report: (line: string) => void = () => undefined,
): Promise<Forwarder> {
  const refused = new Set<string>();
  const tunnels = new Set<Duplex>();
  let failed: FailedAnswer | undefined;
  const server = createServer((request, response) => {
    if (mayAsk(request.url ?? '', request.headers))
      pass(connection, request, response, (answer) => {
        failed = answer;
      });
    else response.writeHead(403).end('This is not for whoever asks without its token.');
  });
  server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    tunnels.add(socket);
    socket.once('close', () => tunnels.delete(socket));
    tunnel(connection, request, socket, head, (why) => {
      if (refused.has(why) || refused.size >= mostRefusals) return;
      refused.add(why);
      report(why);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    refused: () => [...refused],
    failed: () => failed,
    close() {
      server.close();
      server.closeAllConnections();
      for (const socket of tunnels) socket.destroy();
    },
  };
}

function pass(
  { socketPath, baseUrl }: Connection,
  request: IncomingMessage,
  response: ServerResponse,
  onFailure: (answer: FailedAnswer) => void,
): void {
  const headers = { ...request.headers, host: new URL(baseUrl).host };
  const { method, url: path } = request;
  const onward = httpRequest({ socketPath, method, path, headers }, (answer) => {
    const { statusCode = 502 } = answer;
    if (isFailure(statusCode, answer.headers)) onFailure(noted(answer, statusCode));
    response.writeHead(statusCode, answer.headers);
    answer.once('error', () => {
      if (!response.destroyed) onFailure(brokenOff);
    });
    // It breaks off for the program too, which would wait for the rest.
    pipeline(answer, response).catch(() => response.destroy());
  });
  onward.on('error', (error) => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end(`The broker does not answer: ${error.message}`);
  });
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

type Headers = IncomingMessage['headers'];

function isFailure(status: number, { 'content-type': type = '', 'x-reign-fault': fault }: Headers): boolean {
  return (
    status === 401 || status === 403 || status >= 500 || type.startsWith('text/html') || fault !== undefined
  );
}

function noted(answer: IncomingMessage, status: number): FailedAnswer {
  const fault = answer.headers['x-reign-fault'];
  const kept = { status, text: '', fault: fault === undefined ? undefined : String(fault) };
  answer.on('data', (chunk: Buffer) => {
    kept.text += chunk.toString('utf8').slice(0, mostText - kept.text.length);
  });
  return kept;
}

/** The status line of a refusal is handed on: it is what programs show of a proxy. */
function tunnel(
  { socketPath, baseUrl }: Connection,
  { url: path }: IncomingMessage,
  socket: Socket,
  head: Buffer,
  onRefusal: (why: string) => void,
): void {
  socket.on('error', () => {});
  const headers = { host: new URL(baseUrl).host };
  const onward = httpRequest({ socketPath, method: 'CONNECT', path, headers });
  onward.on('connect', (answer: IncomingMessage, remote: Socket, first: Buffer) => {
    const { statusCode = 502, statusMessage = '' } = answer;
    socket.write(`HTTP/1.1 ${statusCode} ${statusMessage}\r\n\r\n`);
    if (statusCode !== 200) {
      onRefusal(statusMessage);
      socket.end();
      remote.destroy();
      return;
    }
    socket.write(first);
    remote.write(head);
    const both = [pipeline(socket, remote), pipeline(remote, socket)];
    void Promise.allSettled(both).then(() => {
      socket.destroy();
      remote.destroy();
    });
  });
  onward.on('error', () => socket.end('HTTP/1.1 502 The broker does not answer\r\n\r\n'));
  socket.on('close', () => onward.destroy());
  onward.end();
}
