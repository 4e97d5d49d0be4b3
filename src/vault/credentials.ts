import { FaultError } from '../domain/fault.ts';
import { sha256 } from '../domain/json.ts';
import type { CredentialSource, ServerAccess } from '../domain/ports/credentials.ts';
import { kubeconfigAccess } from './kubeconfig.ts';

/** Where the access of one connection comes from: always a reference, never a copy. */
export type CredentialReference =
  | { kind: 'token'; url: string; token: string }
  | { kind: 'kubeconfig'; file: string; context?: string }
  | { kind: 'docker'; address: string };

/** Reads credentials by reference, each time anew, so that a rotated token is picked up. Lives in the worker only. */
export function createCredentialSource(
  references: ReadonlyMap<string, CredentialReference>,
): CredentialSource & { values(): readonly string[] } {
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
      const access = await read(reference);
      for (const secret of access.secrets) seen.add(secret);
      return access;
    },
    version: (connectionId) => sha256(JSON.stringify(versioned(references.get(connectionId)))).slice(0, 16),
    values: () => [...seen],
  };
}

/** What makes it another credential; the address of a demo cluster may move when it starts again. */
function versioned(reference: CredentialReference | undefined): unknown {
  return reference?.kind === 'token' ? { token: reference.token } : (reference ?? null);
}

async function read(reference: CredentialReference): Promise<ServerAccess> {
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
    default:
      return reference satisfies never;
  }
}
