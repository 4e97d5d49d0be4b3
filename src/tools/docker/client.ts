import type Dockerode from 'dockerode';
import { type FaultCode, FaultError } from '../../domain/fault.ts';
import type { Reader } from '../../domain/ports/reader.ts';

/** The Docker API of a connection, through the step's own socket. */
export async function openDocker(reader: Reader, connectionId: string): Promise<Dockerode> {
  const { socketPath, baseUrl } = reader.connect(connectionId);
  const { default: Docker } = await import('dockerode');
  // An empty host keeps the client from looking at DOCKER_HOST.
  return new Docker({ socketPath, host: '', headers: { host: new URL(baseUrl).host } });
}

/** Waits for an answer of the Docker API and turns its errors into faults. */
export async function said<Value>(promise: Promise<Value>, where: string): Promise<Value> {
  try {
    return await promise;
  } catch (error) {
    const { statusCode, reason, message } = error as {
      statusCode?: number;
      reason?: string;
      message?: string;
    };
    throw new FaultError(codeOf(statusCode), `Docker of ${where}: ${message ?? reason ?? 'no answer'}`, {
      cause: error,
    });
  }
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
    default:
      return status >= 500 ? 'unreachable' : 'internal';
  }
}
