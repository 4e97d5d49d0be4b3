import { FaultError } from '../domain/fault.ts';
import type { KeptSecret, Sealed, Sealer, SecretScope } from '../domain/ports/secrets.ts';
import { aboutAddress } from '../domain/secret-address.ts';
import type { ReadRemote } from './managers/index.ts';
import { createRemoteCache } from './remote-cache.ts';
import { createSeenValues, type SeenValues } from './seen-values.ts';

/** Where sealed secrets are kept. */
export type SecretShelf = {
  secrets(): Promise<readonly KeptSecret[]>;
  /** A secret that turned up in what was read. */
  foundSecret(name: string): Promise<{ sealed: Sealed; environment: string } | undefined>;
};

/** A secret by its name, and where it is used. */
export type WantedSecret = { name: string; scope: SecretScope };

export type Vault = {
  /** Looks at what is kept now, and where `wanted` lie elsewhere, at what is there. Cheap where nothing was changed. */
  renew(wanted?: readonly WantedSecret[]): Promise<void>;
  /**
   * Version of what a name means in a place, as of the last `renew`; undefined where there is nothing.
   * @throws FaultError why a secret that lies elsewhere could not be read.
   */
  version(name: string, scope: SecretScope): string | undefined;
  /** @throws FaultError `unreachable` naming what is missing, `stale` for another version than `approved`. */
  open(name: string, scope: SecretScope, approved?: string): Promise<string>;
  /** Opens a secret that was found in an environment, for that environment alone. */
  openFound(name: string, environment: string): Promise<string>;
  /** Every value, to be masked wherever it turns up. */
  values(): readonly string[];
};

/** The secrets that Reign keeps itself or knows the place of. Lives in workers: gateways seal and never open. */
export function createVault(
  sealer: Sealer,
  shelf: SecretShelf,
  readRemote: ReadRemote,
  seen: SeenValues = createSeenValues(),
): Vault {
  let kept: readonly KeptSecret[] = [];
  // Values, and addresses of those that lie elsewhere.
  const opened = new Map<string, string>();
  const remote = createRemoteCache(readRemote, { keep: seen.add });
  const find = ({ name, scope }: WantedSecret) => mostSpecific(kept, name, scope);
  const versionOf = (found: KeptSecret, elsewhere: (address: string) => string) =>
    found.refersTo === null
      ? keyOf(found)
      : `${keyOf(found)} at ${elsewhere(opened.get(keyOf(found)) ?? '')}`;
  return {
    async renew(wanted = []) {
      kept = await shelf.secrets();
      const present = new Set(kept.map(keyOf));
      for (const each of kept) {
        const key = keyOf(each);
        if (!opened.has(key)) opened.set(key, await sealer.open(each.sealed, aboutOf(each)));
      }
      for (const key of opened.keys()) if (!present.has(key)) opened.delete(key);
      const elsewhere = wanted.map(find).filter((each) => each !== undefined && each.refersTo !== null);
      const addresses = elsewhere.map((each) => opened.get(keyOf(each as KeptSecret)) ?? '');
      await Promise.all([...new Set(addresses)].map(remote.look));
    },
    version(name, scope) {
      const found = find({ name, scope });
      return found && versionOf(found, remote.version);
    },
    async open(name, scope, approved) {
      const found = find({ name, scope });
      if (found === undefined) throw notKept(name, scope);
      const text = await sealer.open(found.sealed, aboutOf(found));
      const { value, version } =
        found.refersTo === null ? { value: text, version: '' } : await remote.read(text);
      if (approved === undefined || approved === versionOf(found, () => version)) return value;
      throw new FaultError('stale', `The secret ${name} is another one than was approved; ask again.`);
    },
    async openFound(name, environment) {
      const found = await shelf.foundSecret(name);
      if (found === undefined || found.environment !== environment)
        throw new FaultError('not-found', `There is no secret ${name} of ${environment} (any more).`);
      return sealer.open(found.sealed, { name, environment, tool: '*', version: 1 });
    },
    values: () => [...valuesOf(kept, opened), ...seen.values()],
  };
}

function notKept(name: string, { environment, tool }: SecretScope): FaultError {
  const how = `\`reign credential set ${name}\` keeps one, \`reign credential refer ${name}\` says where it lies`;
  return new FaultError('unreachable', `No secret "${name}" is kept for ${environment} (${tool}): ${how}.`);
}

/** What is kept for exactly this place goes before what is kept for all; the environment counts before the tool. */
function mostSpecific(kept: readonly KeptSecret[], name: string, scope: SecretScope): KeptSecret | undefined {
  const fits = kept.filter(
    (each) =>
      each.name === name &&
      (each.environment === '*' || each.environment === scope.environment) &&
      (each.tool === '*' || each.tool === scope.tool),
  );
  const rank = ({ environment, tool }: SecretScope) => (environment === '*' ? 0 : 2) + (tool === '*' ? 0 : 1);
  return fits.sort((a, b) => rank(b) - rank(a))[0];
}

function valuesOf(kept: readonly KeptSecret[], opened: ReadonlyMap<string, string>): string[] {
  const own = kept.filter(({ refersTo }) => refersTo === null);
  return own.map((each) => opened.get(keyOf(each))).filter((value) => value !== undefined);
}

function aboutOf(kept: KeptSecret) {
  return kept.refersTo === null ? kept : aboutAddress(kept);
}

/** Versions begin again when a secret is removed and set anew; the nonce is another each time, and stays when rewrapped. */
function keyOf({ name, environment, tool, version, sealed }: KeptSecret): string {
  return [name, environment, tool, version, sealed.iv].join('/');
}
