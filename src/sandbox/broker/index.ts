import { chmodSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { EnvironmentView } from '../../domain/environment.ts';
import { fault, toFault } from '../../domain/fault.ts';
import type { CredentialSource, OpenSecret, ServerAccess } from '../../domain/ports/credentials.ts';
import type { Logger } from '../../domain/ports/runtime.ts';
import type { Grant } from '../../domain/ports/sandbox.ts';
import type { TerraformStates } from '../../domain/ports/terraform-states.ts';
import { answerFault } from './answers.ts';
import type { Meter } from './forward.ts';
import { type ActiveGrant, activateGrant } from './grants.ts';
import { handleRequest } from './handle.ts';
import { createUpstreams, type Upstreams } from './upstreams.ts';

export type BrokerOptions = {
  environments: readonly EnvironmentView[];
  credentials: CredentialSource;
  openSecret: OpenSecret;
  httpAllow: readonly string[];
  /** Terraform's states; without it nothing of Terraform's is kept. */
  terraform?: TerraformStates;
  logger: Logger;
};

/** The only way out of the sandbox: one socket a step, closed with it. Runs in the worker and holds the credentials. */
export type Broker = {
  open(socketPath: string): Promise<BrokerSession>;
  close(): Promise<void>;
};

export type BrokerSession = {
  /** Lets the grant's requests through until the returned function is called; then what runs is cut off. */
  activate(grant: Grant): () => void;
  close(): Promise<void>;
};

/** What the handler of one session's requests works with. */
export type SessionState = {
  options: BrokerOptions;
  upstreams: Upstreams;
  active: ActiveGrant | undefined;
  /** With the repository that a request is about, where it names one. */
  access(connection: string, repository?: string): Promise<ServerAccess>;
  meter: Meter;
};

/** Open at once by one step. */
const mostConnections = 64;

export function createBroker(options: BrokerOptions): Broker {
  const upstreams = createUpstreams();
  return {
    open: (socketPath) => openSession(options, upstreams, socketPath),
    close: () => upstreams.close(),
  };
}

async function openSession(
  options: BrokerOptions,
  upstreams: Upstreams,
  socketPath: string,
): Promise<BrokerSession> {
  const state: SessionState = {
    ...{ options, upstreams, active: undefined, meter: { bytes: 0 } },
    access: rememberAccess(options.credentials),
  };
  const server = createServer({ maxHeaderSize: 16 * 1024, keepAliveTimeout: 60_000 }, (request, response) => {
    handleRequest(state, request, response).catch((error: unknown) => answerFault(response, toFault(error)));
  });
  refuseTunnels(server);
  server.maxConnections = mostConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  // The folder around the socket is private; inside the sandbox another account connects.
  chmodSync(socketPath, 0o666);
  return {
    activate(grant) {
      const active = activateGrant(grant);
      state.active = active;
      return () => {
        if (state.active === active) state.active = undefined;
        active.end();
      };
    },
    close() {
      state.active?.end();
      state.active = undefined;
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/** How long before its end a credential is asked for anew, in milliseconds. */
const marginMs = 60_000;

/** Asks for the credential of a connection once a session, and again before it ends; a failure is not kept. */
function rememberAccess(credentials: CredentialSource): SessionState['access'] {
  const known = new Map<string, { access: Promise<ServerAccess>; until: number }>();
  return (connection, repository) => {
    const key = repository === undefined ? connection : `${connection} ${repository}`;
    const before = known.get(key);
    if (before !== undefined && before.until > Date.now()) return before.access;
    const entry = { access: credentials.access(connection, repository), until: Infinity };
    known.set(key, entry);
    entry.access.then(
      ({ until = Infinity }) => {
        entry.until = until - marginMs;
      },
      () => known.delete(key),
    );
    return entry.access;
  };
}

function refuseTunnels(server: Server): void {
  const why = JSON.stringify({ fault: fault('refused', 'Tunnels and upgrades are not passed on.') });
  const refuse = (_request: unknown, socket: Duplex): void => {
    socket.on('error', () => {});
    socket.end(
      `HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(why)}\r\nconnection: close\r\n\r\n${why}`,
    );
  };
  server.on('upgrade', refuse);
  server.on('connect', refuse);
}
