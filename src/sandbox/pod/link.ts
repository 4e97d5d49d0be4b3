import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { createServer, type TLSSocket } from 'node:tls';
import { FaultError } from '../../domain/fault.ts';
import { sha256 } from '../../domain/json.ts';
import type { Logger } from '../../domain/ports/runtime.ts';
import { makeCertificate } from './certificate.ts';
import { type LinkFile, type LinkKind, linkKinds, type SingleKind } from './wire.ts';

/** Where steps in pods reach their worker. */
export type PodLink = {
  /** Lets in the one pod that knows the token; its `broker` connections go to that socket. */
  expect(token: string, socketPath: string): Expected;
  /** What a pod has to know. */
  fileFor(token: string): LinkFile;
  close(): Promise<void>;
};

export type Expected = {
  /** The pod's own connections, when all of them are there. */
  connected: Promise<Record<SingleKind, Socket>>;
  /** Cuts off every connection of the pod and refuses its token from now on. */
  forget(): void;
};

type Step = {
  socketPath: string;
  sockets: Set<Socket>;
  single: Partial<Record<SingleKind, Socket>>;
  complete: (sockets: Record<SingleKind, Socket>) => void;
};

const greetingMilliseconds = 5000;
const longestGreeting = 128;
/** Open at once by one pod; the broker's socket takes 64. */
const mostSockets = 70;

/**
 * Listens for steps with a certificate of its own that lives as long as this process. A connection says first whose
 * it is; one that says nothing known is closed and gets no word.
 */
export async function openPodLink(host: string, port: number, logger: Logger): Promise<PodLink> {
  const { key, certificate } = makeCertificate();
  // By hash, so that the time of a look-up tells nothing about a token.
  const steps = new Map<string, Step>();
  const tls = { key, cert: certificate, minVersion: 'TLSv1.3', allowHalfOpen: true } as const;
  const server = createServer({ ...tls, handshakeTimeout: greetingMilliseconds }, (socket) => {
    socket.on('error', () => {});
    readGreeting(socket, (greeting) => {
      const [token = '', kind] = greeting?.split(' ') ?? [];
      const step = steps.get(sha256(token));
      if (step !== undefined && admit(step, kind as LinkKind, socket)) return;
      logger.warn({ from: socket.remoteAddress, kind }, 'refused a connection that is of no running step');
      socket.destroy();
    });
  });
  server.on('tlsClientError', () => {});
  server.listen(port, host);
  await once(server, 'listening').catch((error: Error) => {
    throw new FaultError('unsupported', `Steps in pods cannot be listened for: ${error.message}.`);
  });
  const address = server.address() as AddressInfo;
  return {
    expect(token, socketPath) {
      let complete: Step['complete'] = () => {};
      const connected = new Promise<Record<SingleKind, Socket>>((resolve) => {
        complete = resolve;
      });
      const step: Step = { socketPath, sockets: new Set(), single: {}, complete };
      steps.set(sha256(token), step);
      return {
        connected,
        forget() {
          steps.delete(sha256(token));
          for (const socket of step.sockets) socket.destroy();
        },
      };
    },
    fileFor: (token) => ({ host, port: address.port, token, certificate }),
    async close() {
      for (const { sockets } of steps.values()) for (const socket of sockets) socket.destroy();
      steps.clear();
      server.close();
    },
  };
}

/** The first line; undefined where it does not come in time, is too long, or more came with it. */
function readGreeting(socket: TLSSocket, then: (line: string | undefined) => void): void {
  let text = '';
  const finish = (line: string | undefined): void => {
    clearTimeout(timer);
    socket.off('data', onData);
    socket.pause();
    then(line);
  };
  const timer = setTimeout(() => finish(undefined), greetingMilliseconds);
  const onData = (chunk: Buffer): void => {
    text += chunk.toString('latin1');
    const end = text.indexOf('\n');
    if (end !== -1) finish(end === text.length - 1 ? text.slice(0, end) : undefined);
    else if (text.length > longestGreeting) finish(undefined);
  };
  socket.on('data', onData);
  socket.once('close', () => clearTimeout(timer));
}

function admit(step: Step, kind: LinkKind, socket: Socket): boolean {
  if (!linkKinds.includes(kind) || step.sockets.size >= mostSockets) return false;
  if (kind !== 'broker' && step.single[kind] !== undefined) return false;
  step.sockets.add(socket);
  socket.once('close', () => step.sockets.delete(socket));
  socket.write('ok\n');
  if (kind === 'broker') {
    join(socket, connect({ path: step.socketPath, allowHalfOpen: true }));
    return true;
  }
  step.single[kind] = socket;
  socket.once('end', () => socket.end());
  const { channel, output, control } = step.single;
  if (channel && output && control) step.complete({ channel, output, control });
  return true;
}

/** Passes everything on, both ways; the end of one is the end of the other. */
export function join(one: Socket, other: Socket): void {
  // Each of the two pipelines listens for all kinds of ends.
  for (const socket of [one, other]) socket.setMaxListeners(30);
  pipeline(one, other, () => {});
  pipeline(other, one, () => {});
}
