import type { EnvironmentView } from '../environment.ts';
import type { Listing } from './files.ts';

/**
 * A way to one server through the step's own broker socket: plain HTTP over a unix socket. The broker pins the host,
 * adds the credential and TLS, and passes only what the step's grant allows.
 */
export type Connection = {
  id: string;
  environment: string;
  /** Unix socket that speaks HTTP/1.1. */
  socketPath: string;
  /** The address to use in requests; its host names the connection to the broker. No trailing slash. */
  baseUrl: string;
};

/** What an operation may use while it looks: reading and dry-run requests only, enforced outside the sandbox. */
export interface Reader {
  readonly environments: readonly EnvironmentView[];
  /** Throws FaultError `not-found` for a connection that this step may not use. */
  connect(connectionId: string): Connection;
  /** A folder that belongs to this step alone. */
  readonly workFolder: string;
  readonly signal: AbortSignal;
  now(): Date;
  /** Resolves after `milliseconds`; rejects with AbortError when the step is stopped. */
  sleep(milliseconds: number): Promise<void>;
  /** One line of progress for people; redacted outside the sandbox before it goes anywhere. */
  report(line: string): void;
  /**
   * Copies what a folder connection holds below a path into `into`, a folder below the work folder.
   * Throws FaultError `not-found`, `too-large`, and `world-changed` when a file changes meanwhile.
   */
  copyFolder(connectionId: string, below: string, into: string): Promise<Listing>;
  /**
   * Lets programs of this step reach a connection as plain HTTP at `url`, on the sandbox's own loopback, until it is
   * closed. The broker judges each request as it does the step's own. Used as a proxy it gives tunnels to the hosts
   * that the connection may reach. What `mayAsk` does not let pass is refused at once.
   */
  forward(connectionId: string, mayAsk?: MayAsk): Promise<Forwarder>;
  /**
   * Runs a program inside the step's own sandbox and resolves when it ends, whatever its exit code; past
   * `limitSeconds` it is killed. Standard input is `stdin` or empty; output beyond the host's limit is cut and
   * `truncated` says so. Implemented by the step host; absent where the host runs no programs.
   */
  readonly runProgram?: RunProgram;
}

/**
 * `refused` tells why tunnels were refused so far; `failed` the last answer that let nobody in (401, 403), was the
 * server's own failure (from 500 on), a fault of the broker's, a page for people or broke off: programs often hide it
 * behind other words.
 */
export type Forwarder = {
  url: string;
  refused(): readonly string[];
  failed(): FailedAnswer | undefined;
  close(): void;
};

/** `fault` is the broker's code, where it was the broker that answered. `text` may be cut. */
export type FailedAnswer = { status: number; text: string; fault: string | undefined };

/** Looks at path and headers of what a program asks a forwarder for. */
export type MayAsk = (
  path: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
) => boolean;

/** A reader that may also make the requests that the operation's `egress` names. */
export interface Writer extends Reader {
  readonly writes: true;
}

export type RunProgram = (
  program: string,
  args: readonly string[],
  options: {
    limitSeconds: number;
    memoryMb: number;
    /** Its whole input, or who writes it while the program runs. */
    stdin?: string | ((input: ProgramInput) => void);
    /** Kills it, and what it has started, before its time. */
    signal?: AbortSignal;
    /** Added to the step's clean environment. */
    env?: Readonly<Record<string, string>>;
    /** Instead of the work folder. */
    cwd?: string;
    /** Hears each line of its standard output. */
    onLine?: (line: string) => void;
  },
) => Promise<ProgramResult>;

export type ProgramInput = { write(text: string): void; end(): void };

export type ProgramResult = {
  /** Null when a signal ended it. */
  exitCode: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
  truncated: boolean;
};
