import type Dockerode from 'dockerode';
import { type FaultCode, FaultError, faultTable } from '../../domain/fault.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { watchfulAgent } from './watchful-agent.ts';

const agent = watchfulAgent();

/** The Docker API of a connection, through the step's own socket. */
export async function openDocker(reader: Reader, connectionId: string): Promise<Dockerode> {
  const { socketPath, baseUrl, environment } = reader.connect(connectionId);
  const { default: Docker } = await import('dockerode');
  // An empty host keeps the client from looking at DOCKER_HOST.
  const options = { socketPath, host: '', agent, headers: { host: new URL(baseUrl).host } };
  const docker = new Docker(options);
  refuseForeign(docker.modem, environment);
  return docker;
}

type Modem = { dial(options: object, callback: (error: unknown, data: unknown) => void): void };

/** An engine never sends a page: the client would hand it over as if it were an answer. */
function refuseForeign(modem: Modem, where: string): void {
  const dial = modem.dial.bind(modem);
  modem.dial = (options, callback) =>
    dial(options, (error, data) => {
      const begin = Buffer.isBuffer(data) ? data.subarray(0, 200).toString('latin1') : '';
      const type = (data as { headers?: { 'content-type'?: string } } | null)?.headers?.['content-type'];
      const page = /^\s*<(!doctype|html)/i.test(begin) || type?.startsWith('text/html') === true;
      callback(page ? foreign(where) : error, page ? null : data);
    });
}

function foreign(where: string): FaultError {
  const why = `What answers as Docker of ${where} is no Docker engine: it sent a page`;
  return new FaultError('unreachable', `${why}. Check its address and \`reign doctor\`.`);
}

/** Waits for an answer of the Docker API and turns its errors into faults. */
export async function said<Value>(promise: Promise<Value>, where: string): Promise<Value> {
  try {
    return await promise;
  } catch (error) {
    throw faultOf(error as DockerError, where);
  }
}

/** Whether the engine itself refused: a connection that broke, or a time-out, tells nothing of what it did. */
export function refusedByEngine(error: unknown): boolean {
  const { statusCode, json } = ((error as Error).cause ?? {}) as DockerError;
  return statusCode !== undefined && statusCode !== 504 && json?.fault === undefined;
}

type DockerError = {
  statusCode?: number;
  reason?: string;
  message?: string;
  /** The answer, where it is JSON; with a fault where the broker, not the engine, refused. */
  json?: { message?: string; fault?: { code?: string } } | null;
};

function faultOf(error: DockerError, where: string): FaultError {
  if (error instanceof FaultError) return error;
  const { statusCode, reason, message, json } = error;
  const broker = json?.fault?.code;
  if (broker !== undefined && Object.hasOwn(faultTable, broker))
    return new FaultError(broker as FaultCode, json?.message ?? `Docker of ${where}`, { cause: error });
  const code = codeOf(statusCode);
  const words = `Docker of ${where}: ${message ?? reason ?? 'no answer'}`;
  const advice =
    code === 'not-allowed'
      ? ". Reign's account may not do this there: give it the right, or ask who may."
      : '';
  return new FaultError(code, `${words}${advice}`, { cause: error });
}

/** What the daemon is known by, whatever the connection is called. */
export async function daemonId(docker: Dockerode, where: string): Promise<string> {
  const { ID } = (await said(docker.info(), where)) as { ID?: string };
  if (ID === undefined || ID === '') throw new FaultError('internal', `Docker of ${where} has no id.`);
  return ID;
}

function codeOf(status: number | undefined): FaultCode {
  switch (status) {
    case undefined:
      return 'unreachable';
    case 400:
      return 'bad-request';
    case 401:
    case 403:
      return 'not-allowed';
    case 404:
      return 'not-found';
    case 409:
      return 'conflict';
    case 504:
      return 'timeout';
    default:
      return status >= 500 ? 'unreachable' : 'internal';
  }
}
