import { chmodSync } from 'node:fs';
import { createServer } from 'node:http';
import type { CloudCredential, WantedCloud } from '../../domain/cloud.ts';
import type { EnvironmentView } from '../../domain/environment.ts';
import { FaultError, fault, toFault } from '../../domain/fault.ts';
import type { CredentialSource, OpenSecret, ServerAccess } from '../../domain/ports/credentials.ts';
import type { Logger } from '../../domain/ports/runtime.ts';
import type { Grant } from '../../domain/ports/sandbox.ts';
import type { Telemetry } from '../../domain/ports/telemetry.ts';
import type { TerraformStates } from '../../domain/ports/terraform-states.ts';
import { answerFault } from './answers.ts';
import type { Meter, WaitForAnswer } from './forward.ts';
import { type ActiveGrant, activateGrant } from './grants.ts';
import { handleRequest } from './handle.ts';
import type { Lookup } from './probe/addresses.ts';
import { refuseTunnel } from './tunnel/answer.ts';
import { handleTunnel } from './tunnel/handle.ts';
import { createUpstreams, type Upstreams } from './upstreams.ts';

export type BrokerOptions = {
  environments: readonly EnvironmentView[];
  credentials: CredentialSource;
  openSecret: OpenSecret;
  httpAllow: readonly string[];
  /** Terraform's states; without it nothing of Terraform's is kept. */
  terraform?: TerraformStates;
  /** Resolves the hosts of tunnels, instead of the system. */
  lookup?: Lookup;
  /** How long a server may take to begin its answer; two minutes where nothing is said. */
  waitForAnswer?: WaitForAnswer;
  logger: Logger;
  /** Without it nothing is measured. */
  telemetry?: Telemetry;
};

/** The only way out of the sandbox: one socket a step, closed with it. Runs in the worker and holds the credentials. */
export type Broker = {
  open(socketPath: string): Promise<BrokerSession>;
  close(): Promise<void>;
};

export type BrokerSession = {
  /**
   * Lets the grant's requests through until the returned function is called; then what runs is cut off. Clouds are told
   * that it is for `plan`.
   */
  activate(grant: Grant, plan?: string): () => void;
  close(): Promise<void>;
};

/** What the handler of one session's requests works with. */
export type SessionState = {
  options: BrokerOptions;
  upstreams: Upstreams;
  active: ActiveGrant | undefined;
  /** With the repository that a request is about, where it names one. */
  access(connection: string, repository?: string): Promise<ServerAccess>;
  cloud(connection: string, wanted: WantedCloud): Promise<CloudCredential>;
  meter: Meter;
  /** How many are open. */
  tunnels: number;
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
    ...{ options, upstreams, active: undefined, meter: { bytes: 0 }, tunnels: 0 },
    ...rememberCredentials(options.credentials),
  };
  const server = createServer({ maxHeaderSize: 16 * 1024, keepAliveTimeout: 60_000 }, (request, response) => {
    const { within = outside } = state.active ?? {};
    within(() => handleRequest(state, request, response)).catch((error: unknown) =>
      answerFault(response, toFault(error)),
    );
  });
  server.on('connect', (request, socket, head) => void handleTunnel(state, request, socket, head));
  const upgrades = fault('refused', 'Tunnels and upgrades are not passed on.');
  server.on('upgrade', (_request, socket) => refuseTunnel(socket, upgrades));
  server.maxConnections = mostConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  // The folder around the socket is private; inside the sandbox another account connects.
  chmodSync(socketPath, 0o666);
  return {
    activate(grant, plan) {
      const active = activateGrant(grant, plan);
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

const outside = (work: () => Promise<void>): Promise<void> => work();

/** How long before its end a credential is asked for anew, in milliseconds. */
const marginMs = 60_000;

function rememberCredentials(credentials: CredentialSource): Pick<SessionState, 'access' | 'cloud'> {
  const remember = createMemory();
  return {
    access: (connection, repository) =>
      remember([connection, repository], () => credentials.access(connection, repository)),
    cloud: (connection, wanted) =>
      remember([connection, wanted], async () => {
        if (credentials.cloud === undefined)
          throw new FaultError('unsupported', 'No credentials of clouds are made here.');
        return credentials.cloud(connection, wanted);
      }),
  };
}

/** Asks for a credential once a session, and again before it ends; a failure is not kept. */
function createMemory() {
  const known = new Map<string, { value: Promise<unknown>; until: number }>();
  return <T extends { until?: number }>(what: readonly unknown[], ask: () => Promise<T>): Promise<T> => {
    const key = JSON.stringify(what);
    const before = known.get(key);
    if (before !== undefined && before.until > Date.now()) return before.value as Promise<T>;
    const value = ask();
    const entry = { value, until: Infinity };
    known.set(key, entry);
    value.then(
      ({ until = Infinity }) => {
        entry.until = until - marginMs;
      },
      () => known.delete(key),
    );
    return value;
  };
}
