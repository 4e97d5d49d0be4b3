import { connect, createServer } from 'node:net';
import { ServiceError } from './service-error.ts';

/** The wanted port when it is still free on loopback, else another free one. */
export async function freePort(wanted?: number): Promise<number> {
  const port = (wanted ? await tryToListen(wanted) : undefined) ?? (await tryToListen(0));
  if (port !== undefined) return port;
  throw new ServiceError('port-in-use', 'No free port on 127.0.0.1: close some programs and try again.');
}

/** Whether something accepts connections on this loopback port. */
export async function answersOn(port: number, host = '127.0.0.1'): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ port, host });
    const finish = (answers: boolean): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(1000, () => finish(false));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

async function tryToListen(port: number): Promise<number | undefined> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address();
      const got = typeof address === 'object' && address !== null ? address.port : undefined;
      server.close(() => resolve(got));
    });
  });
}
