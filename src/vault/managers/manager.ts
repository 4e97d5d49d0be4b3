import { FaultError } from '../../domain/fault.ts';
import type { SecretAddress } from '../../domain/secret-address.ts';

/** A secret as another system holds it now. `version` changes with the value and tells nothing of it. */
export type RemoteSecret = { value: string; version: string };

/** Reads secrets of one kind where they lie. Throws FaultError saying what to do, never a value. */
export type Manager<Kind extends SecretAddress['kind']> = (
  address: Extract<SecretAddress, { kind: Kind }>,
) => Promise<RemoteSecret>;

/** The value below a key of a secret that holds several; the whole text where no key is asked for. */
export function valueAt(fields: unknown, key: string, where: string): string {
  const holds =
    typeof fields === 'object' && fields !== null ? (fields as Record<string, unknown>) : undefined;
  const value = holds !== undefined && Object.hasOwn(holds, key) ? holds[key] : undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string' && value !== '') return value;
  const there =
    holds === undefined ? 'it holds no keys' : `it holds ${Object.keys(holds).join(', ') || 'none'}`;
  throw new FaultError('not-found', `${where} has no text below "${key}"; ${there}.`);
}

/** The same for a text that may be JSON. */
export function textOrKey(text: string, key: string | undefined, where: string): string {
  if (key !== undefined) return valueAt(parse(text), key, where);
  if (text !== '') return text;
  throw new FaultError('not-found', `${where} is empty.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
