import { FaultError } from '../domain/fault.ts';
import type { KeptSecret, Sealed, Sealer, SecretScope } from '../domain/ports/secrets.ts';

/** Where sealed secrets are kept. */
export type SecretShelf = {
  secrets(): Promise<readonly KeptSecret[]>;
  /** A secret that turned up in what was read. */
  foundSecret(name: string): Promise<{ sealed: Sealed; environment: string } | undefined>;
};

export type Vault = {
  /** Looks at what is kept now. Cheap where nothing was changed. */
  renew(): Promise<void>;
  /** Version of what a name means in a place, as of the last `renew`; undefined where there is nothing. */
  version(name: string, scope: SecretScope): string | undefined;
  /** @throws FaultError `unreachable` naming what is missing. */
  open(name: string, scope: SecretScope): Promise<string>;
  /** Opens a secret that was found in an environment, for that environment alone. */
  openFound(name: string, environment: string): Promise<string>;
  /** Every value, to be masked wherever it turns up. */
  values(): readonly string[];
};

/** The secrets that Reign keeps itself. Lives in workers: gateways seal and never open. */
export function createVault(sealer: Sealer, shelf: SecretShelf): Vault {
  let kept: readonly KeptSecret[] = [];
  const opened = new Map<string, string>();
  const find = (name: string, scope: SecretScope) => mostSpecific(kept, name, scope);
  return {
    async renew() {
      kept = await shelf.secrets();
      const present = new Set(kept.map(keyOf));
      for (const each of kept) {
        const key = keyOf(each);
        if (!opened.has(key)) opened.set(key, await sealer.open(each.sealed, each));
      }
      for (const key of opened.keys()) if (!present.has(key)) opened.delete(key);
    },
    version(name, scope) {
      const found = find(name, scope);
      return found && keyOf(found);
    },
    async open(name, scope) {
      const found = find(name, scope);
      if (found !== undefined) return sealer.open(found.sealed, found);
      const where = `${scope.environment} (${scope.tool})`;
      throw new FaultError(
        'unreachable',
        `No secret "${name}" is kept for ${where}: \`reign credential set ${name}\`.`,
      );
    },
    async openFound(name, environment) {
      const found = await shelf.foundSecret(name);
      if (found === undefined || found.environment !== environment)
        throw new FaultError('not-found', `There is no secret ${name} of ${environment} (any more).`);
      return sealer.open(found.sealed, { name, environment, tool: '*', version: 1 });
    },
    values: () => [...opened.values()],
  };
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

function keyOf({ name, environment, tool, version }: KeptSecret): string {
  return [name, environment, tool, version].join('/');
}
