import { FaultError } from '../domain/fault.ts';
import { sha256 } from '../domain/json.ts';
import type { CredentialSource, OpenSecret, ServerAccess } from '../domain/ports/credentials.ts';
import type { SecretScope } from '../domain/ports/secrets.ts';
import { kubeconfigAccess } from './kubeconfig.ts';
import { createSecretOpener } from './open-secret.ts';

/** Where the access of one connection comes from: always a reference, never a copy. */
export type CredentialReference =
  | { kind: 'token'; url: string; token: string }
  | { kind: 'kubeconfig'; file: string; context?: string }
  | { kind: 'docker'; address: string }
  | { kind: 'server'; url: string; token?: string }
  | { kind: 'folder'; folder: string };

export type Credentials = CredentialSource & {
  values(): readonly string[];
  /** The reference of the secret that a connection's credential is or is made with. */
  secretOf(connectionId: string): { reference: string; scope: SecretScope } | undefined;
};

/** Reads credentials by reference, each time anew, so that a rotated token is picked up. Lives in the worker only. */
export function createCredentialSource(
  references: ReadonlyMap<string, CredentialReference>,
  openSecret: OpenSecret = createSecretOpener({ env: process.env }),
  secretVersion: (reference: string | undefined, scope: SecretScope) => string | undefined = () => undefined,
): Credentials {
  const seen = new Set<string>();
  return {
    async access(connectionId) {
      const reference = references.get(connectionId);
      if (!reference) {
        throw new FaultError(
          'unreachable',
          `Nothing says how ${connectionId} is reached; see environments in reign.yaml.`,
        );
      }
      const access = await read(reference, (token) => openSecret(token, scopeOf(connectionId)));
      for (const secret of access.secrets) seen.add(secret);
      return access;
    },
    secretOf(connectionId) {
      const reference = references.get(connectionId);
      if (reference?.kind !== 'server' || reference.token === undefined) return undefined;
      return { reference: reference.token, scope: scopeOf(connectionId) };
    },
    version(connectionId) {
      const reference = references.get(connectionId);
      const kept =
        reference?.kind === 'server' ? secretVersion(reference.token, scopeOf(connectionId)) : undefined;
      const parts = [versioned(reference), ...(kept === undefined ? [] : [kept])];
      return sha256(JSON.stringify(parts.length === 1 ? parts[0] : parts)).slice(0, 16);
    },
    values: () => [...seen],
  };
}

/** What makes it another credential; the address of a demo cluster may move when it starts again. */
function versioned(reference: CredentialReference | undefined): unknown {
  return reference?.kind === 'token' ? { token: reference.token } : (reference ?? null);
}

/** `github:staging/main` is reached by the tool `github` in `staging`. */
function scopeOf(connectionId: string) {
  const [tool = '*', environment = '*'] = connectionId.split(/[:/]/);
  return { environment, tool };
}

async function read(
  reference: CredentialReference,
  openSecret: (token: string) => Promise<string>,
): Promise<ServerAccess> {
  switch (reference.kind) {
    case 'token':
      return {
        url: reference.url,
        headers: { authorization: `Bearer ${reference.token}` },
        secrets: [reference.token],
      };
    case 'kubeconfig':
      return kubeconfigAccess(reference.file, reference.context);
    case 'docker':
      return { url: reference.address, secrets: [] };
    case 'server': {
      if (reference.token === undefined) return { url: reference.url, secrets: [] };
      const token = await openSecret(reference.token);
      return { url: reference.url, headers: { authorization: `Bearer ${token}` }, secrets: [token] };
    }
    case 'folder':
      return { url: '', folder: reference.folder, secrets: [] };
    default:
      return reference satisfies never;
  }
}
