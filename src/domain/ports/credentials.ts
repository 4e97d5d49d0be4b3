import type { CloudCredential, WantedCloud } from '../cloud.ts';
import type { SecretScope } from './secrets.ts';

/**
 * Where and how the broker reaches a connection. Lives in the worker only: nothing of it enters the sandbox,
 * Redis, Postgres or a log.
 */
export type ServerAccess = {
  /** `http:`, `https:` or `unix:` address of the server. */
  url: string;
  headers?: Readonly<Record<string, string>>;
  tls?: { ca?: string; cert?: string; key?: string; serverName?: string; insecure?: boolean };
  /** Where a connection is a folder of this machine instead of a server. */
  folder?: string;
  /** Values that must never leave the worker; redacted wherever they turn up. */
  secrets: readonly string[];
  /** When the credential ends, in milliseconds since 1970; absent where it does not end by itself. */
  until?: number;
};

/** Finds the access of a connection when a step needs it. Throws FaultError `unreachable` with what to do. */
export interface CredentialSource {
  /** With `repository` (`owner/name`) the credential reaches that one alone, where the server can limit it so. */
  access(connectionId: string, repository?: string): Promise<ServerAccess>;
  /** Makes a credential of a cloud for a Terraform workspace. Throws FaultError with what to do. */
  cloud?(connectionId: string, wanted: WantedCloud): Promise<CloudCredential>;
  /** Name and version of the credential, part of what an approval is bound to. */
  version(connectionId: string): string;
  /**
   * Headers by which a request is made in the name of the people who asked, where the connection says so. Throws
   * FaultError `not-allowed` for several people, none, or one without a name there.
   */
  actAs?(connectionId: string, people: readonly string[]): Readonly<Record<string, string | string[]>>;
}

/**
 * Opens a secret by its reference, for use in one place; where a version was approved, that version alone. Throws
 * FaultError naming what is missing, never a value.
 */
export type OpenSecret = (reference: string, scope: SecretScope, approved?: string) => Promise<string>;
