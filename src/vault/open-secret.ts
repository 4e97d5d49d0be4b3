import { readFile } from 'node:fs/promises';
import { FaultError } from '../domain/fault.ts';
import type { OpenSecret } from '../domain/ports/credentials.ts';
import type { Vault } from './vault.ts';

/**
 * Opens secrets by reference: `env:NAME`, `file:PATH` (read anew each time), `vault:NAME`, `found:NAME`.
 * Throws FaultError `unreachable` naming what is missing, never a value.
 */
export function createSecretOpener(from: {
  env: Readonly<Record<string, string | undefined>>;
  vault?: Pick<Vault, 'open' | 'openFound'>;
}): OpenSecret {
  return async (reference, scope, approved) => {
    const cut = reference.indexOf(':');
    const [kind, rest] = [reference.slice(0, cut), reference.slice(cut + 1)];
    if (kind === 'env') return demand(from.env[rest], `The variable ${rest} is not set.`);
    if (kind === 'vault' && from.vault !== undefined) return from.vault.open(rest, scope, approved);
    if (kind === 'found' && from.vault !== undefined) return from.vault.openFound(rest, scope.environment);
    if (kind !== 'file') throw new FaultError('unreachable', `${reference} cannot be opened here.`);
    const text = await readFile(rest, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new FaultError('unreachable', `The secret's file ${rest} cannot be read: ${error.code}.`);
    });
    return demand(text.trim(), `The secret's file ${rest} is empty.`);
  };
}

function demand(value: string | undefined, otherwise: string): string {
  if (value === undefined || value === '') throw new FaultError('unreachable', otherwise);
  return value;
}
