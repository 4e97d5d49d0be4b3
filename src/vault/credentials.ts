import type { CloudAccess } from '../domain/cloud.ts';
import { FaultError } from '../domain/fault.ts';
import { sha256 } from '../domain/json.ts';
import type { CredentialSource, OpenSecret, ServerAccess } from '../domain/ports/credentials.ts';
import type { SecretScope } from '../domain/ports/secrets.ts';
import { actingAs } from './acting-as.ts';
import { createClouds, type MakeCloud } from './clouds/index.ts';
import { type GithubApp, mintInstallationToken } from './github-app.ts';
import { kubeconfigAccess } from './kubeconfig.ts';
import { createMint, type Mint } from './mint.ts';
import { createSecretOpener } from './open-secret.ts';
import { createSeenValues } from './seen-values.ts';
import { mintServiceAccountToken, withToken } from './token-request.ts';

/** Where the access of one connection comes from: always a reference, never a copy. */
export type CredentialReference =
  | ({ kind: 'token'; url: string; token: string } & ClusterAccount)
  | ({ kind: 'kubeconfig'; file: string; context?: string } & ClusterAccount)
  | { kind: 'docker'; address: string }
  | { kind: 'server'; url: string; token?: string }
  | { kind: 'github-app'; url: string; app: GithubApp & { key: string }; repositories: readonly string[] }
  | { kind: 'folder'; folder: string }
  | { kind: 'terraform'; folder: string; hosts: readonly string[]; cloud: CloudAccess };

/** As whom a cluster is reached: a service account, and through it the person who asks. */
export type ClusterAccount = { serviceAccount?: string; impersonate?: { groups: readonly string[] } };

export type Credentials = Required<CredentialSource> & {
  values(): readonly string[];
  /** The reference of the secret that a connection's credential is or is made with. */
  secretOf(connectionId: string): { reference: string; scope: SecretScope } | undefined;
};

/** Tokens of GitHub Apps live an hour, those of service accounts ten minutes; they are renewed before their end. */
const margins = { github: 5 * 60_000, kubernetes: 3 * 60_000 };

/**
 * Reads credentials by reference, each time anew, so that a rotated token is picked up; short-lived ones that they are
 * exchanged for are held in memory. Lives in the worker only.
 */
export function createCredentialSource(
  references: ReadonlyMap<string, CredentialReference>,
  openSecret: OpenSecret = createSecretOpener({ env: process.env }),
  secretVersion: (reference: string | undefined, scope: SecretScope) => string | undefined = () => undefined,
  makeCloud: MakeCloud = createClouds(process.env),
  nameInClusters: (person: string) => string | undefined = () => undefined,
): Credentials {
  const seen = createSeenValues();
  const mint = createMint();
  const secretOf: Credentials['secretOf'] = (connectionId) => {
    const reference = secretIn(references.get(connectionId));
    return reference === undefined ? undefined : { reference, scope: scopeOf(connectionId) };
  };
  const opener = (connectionId: string) => async (name: string) => {
    const secret = await openSecret(name, scopeOf(connectionId));
    seen.add(secret);
    return secret;
  };
  return {
    async access(connectionId, repository) {
      const reference = references.get(connectionId);
      if (!reference) {
        throw new FaultError(
          'unreachable',
          `Nothing says how ${connectionId} is reached; see environments in reign.yaml.`,
        );
      }
      const open = opener(connectionId);
      const access = await read({ reference, connectionId, repository, open, mint });
      for (const secret of access.secrets) seen.add(secret, access.until);
      return access;
    },
    async cloud(connectionId, wanted) {
      const reference = references.get(connectionId);
      const cloud = reference?.kind === 'terraform' ? reference.cloud : {};
      const made = await makeCloud(cloud, wanted, opener(connectionId));
      for (const secret of made.secrets) seen.add(secret, made.until);
      return made;
    },
    secretOf,
    version(connectionId) {
      const reference = references.get(connectionId);
      const { reference: secret, scope } = secretOf(connectionId) ?? {};
      const kept = scope === undefined ? undefined : secretVersion(secret, scope);
      const parts = [versioned(reference), ...(kept === undefined ? [] : [kept])];
      return sha256(JSON.stringify(parts.length === 1 ? parts[0] : parts)).slice(0, 16);
    },
    actAs(connectionId, people) {
      const reference = references.get(connectionId);
      const { impersonate } = reference !== undefined && 'impersonate' in reference ? reference : {};
      return impersonate === undefined ? {} : actingAs(connectionId, people, impersonate, nameInClusters);
    },
    values: seen.values,
  };
}

function secretIn(reference: CredentialReference | undefined): string | undefined {
  if (reference?.kind === 'github-app') return reference.app.key;
  if (reference?.kind === 'terraform')
    return reference.cloud.aws?.keys?.secret ?? reference.cloud.aws?.webIdentity;
  return reference?.kind === 'server' ? reference.token : undefined;
}

/** What makes it another credential; the address of a demo cluster may move when it starts again. */
function versioned(reference: CredentialReference | undefined): unknown {
  if (reference?.kind !== 'token') return reference ?? null;
  const { token, serviceAccount, impersonate } = reference;
  return {
    token,
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
    ...(impersonate === undefined ? {} : { impersonate }),
  };
}

/** `github:staging/main` is reached by the tool `github` in `staging`. */
function scopeOf(connectionId: string) {
  const [tool = '*', environment = '*'] = connectionId.split(/[:/]/);
  return { environment, tool };
}

type Wanted = {
  reference: CredentialReference;
  connectionId: string;
  repository: string | undefined;
  open: (token: string) => Promise<string>;
  mint: Mint;
};

async function read({ reference, connectionId, repository, open, mint }: Wanted): Promise<ServerAccess> {
  switch (reference.kind) {
    case 'token': {
      const { url, token, serviceAccount } = reference;
      return asServiceAccount(bearer(url, token), serviceAccount, connectionId, mint);
    }
    case 'kubeconfig': {
      const access = await kubeconfigAccess(reference.file, reference.context);
      return asServiceAccount(access, reference.serviceAccount, connectionId, mint);
    }
    case 'docker':
      return { url: reference.address, secrets: [] };
    case 'server':
      if (reference.token === undefined) return { url: reference.url, secrets: [] };
      return bearer(reference.url, await open(reference.token));
    case 'github-app': {
      const { url, app } = reference;
      const names = reachedBy(reference.repositories, repository);
      const key = `${connectionId} ${names?.join(' ') ?? '*'}`.toLowerCase();
      const minted = await mint(key, margins.github, async () =>
        mintInstallationToken(url, app, await open(app.key), names),
      );
      return { ...bearer(url, minted.token), until: minted.until };
    }
    case 'folder':
    case 'terraform':
      return { url: '', folder: reference.folder, secrets: [] };
    default:
      return reference satisfies never;
  }
}

function bearer(url: string, token: string): ServerAccess {
  return { url, headers: { authorization: `Bearer ${token}` }, secrets: [token] };
}

async function asServiceAccount(
  access: ServerAccess,
  serviceAccount: string | undefined,
  connectionId: string,
  mint: Mint,
): Promise<ServerAccess> {
  if (serviceAccount === undefined) return access;
  const make = () => mintServiceAccountToken(access, serviceAccount);
  return withToken(access, await mint(`${connectionId} ${serviceAccount}`, margins.kubernetes, make));
}

/** Names of the repositories that a token must reach; undefined for all of the installation's. */
function reachedBy(holds: readonly string[], repository: string | undefined): string[] | undefined {
  const wanted = repository === undefined ? holds : [repository];
  const names = wanted.map((each) => each.split('/')[1] ?? '');
  return names.includes('*') ? undefined : names;
}
