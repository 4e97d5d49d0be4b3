import type { EnvironmentView } from '../domain/environment.ts';
import type { Budget } from '../domain/investigation.ts';
import type { OperationCatalogue } from '../domain/operation.ts';
import type { Person } from '../domain/person.ts';
import type { Planner } from '../domain/ports/planner.ts';
import type { Policy } from '../domain/ports/policy.ts';
import type { Clock, Logger } from '../domain/ports/runtime.ts';
import type { Sandbox } from '../domain/ports/sandbox.ts';
import type { Sealer, SecretScope } from '../domain/ports/secrets.ts';
import type { Telemetry } from '../domain/ports/telemetry.ts';
import type { Thinker } from '../domain/ports/thinker.ts';
import type { Queue, Signer, Store, Verifier } from './ports.ts';

/** What every use case is given. */
export type Engine = {
  store: Store;
  queue: Queue;
  policy: Policy;
  catalogue: OperationCatalogue;
  environments: readonly EnvironmentView[];
  /** Looked up anew at each decision. */
  people: People;
  clock: Clock;
  logger: Logger;
  telemetry: Telemetry;
  verifier: Verifier;
  limits: EngineLimits;
  /** Whether there is a language model that is asked how plans ended. */
  followsUp: boolean;
};

export type People = {
  find(name: string): Person | undefined;
  all(): readonly Person[];
  /**
   * Looks up who belongs to which group: a gateway asks the platforms, a worker reads what a gateway has signed.
   * @returns what could not be looked up, in words. Roles by such a group must not count in a decision.
   */
  renew(): Promise<string | undefined>;
};

export type EngineLimits = { leaseSeconds: number; leaseGraceSeconds: number; undoHourSeconds: number };

export const defaultLimits: EngineLimits = { leaseSeconds: 20, leaseGraceSeconds: 5, undoHourSeconds: 3600 };

/** A planner with a language model, and what it may use up: one investigation, and in US dollars a day. */
export type LlmParts = {
  thinker: Thinker;
  budget: Budget;
  daily: { person: number; all: number };
};

/** What a gateway has besides: the planner, the key that signs decisions, and who is on call. */
export type GatewayEngine = Engine & {
  planner: Planner;
  signer: Signer;
  /** Seals the secrets that are kept; what is sealed is opened by workers alone. */
  sealer: Sealer;
  /** Masks what looks like a secret in what people have typed. */
  mask: (text: string) => Promise<string>;
  /** The planner with a language model; absent where none is configured. */
  llm?: LlmParts;
  /** Names of the people who are on call now. */
  onCall(): Promise<readonly string[]>;
};

/** Connections and references of secrets by name, and where they are used. */
export type WantedCredentials = { names: readonly string[]; scope: SecretScope };

/** What a worker has besides: a sandbox, its name, and what must be masked. */
export type WorkerEngine = Engine & {
  sandbox: Sandbox;
  worker: string;
  /** Fires when this worker ends without waiting for its steps any longer: they are left to the lease, unsettled. */
  stopping: AbortSignal;
  /**
   * Which version of a connection's credential, or of a secret by its reference, would be used now; undefined for a
   * secret that is not there. Throws FaultError for one that cannot be read where it lies.
   */
  credentialVersion: (name: string, scope: SecretScope) => string | undefined;
  /** Seals what undo needs. */
  sealer: Pick<Sealer, 'seal' | 'open'>;
  /** Looks which secrets are kept now, and which versions there are of the wanted ones that lie elsewhere. */
  renewSecrets: (wanted?: readonly WantedCredentials[]) => Promise<void>;
  /** Hosts that reads of a model's may reach besides those that a person has named. */
  modelHosts: readonly string[];
  /** Masks secrets in everything that leaves the worker. */
  redact: <T>(value: T) => Promise<T>;
  /** The same; but what was found, and is no credential of Reign's own, leaves a name behind that leads back to it. */
  conceal: <T>(value: T, found: { messageId: string; environment: string }) => Promise<T>;
};
