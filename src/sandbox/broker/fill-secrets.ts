import { FaultError } from '../../domain/fault.ts';
import type { OpenSecret } from '../../domain/ports/credentials.ts';
import { markedSecret } from '../../domain/secret-reference.ts';
import type { ActiveGrant } from './grants.ts';

/**
 * Puts the values of secrets in the place of their marks, in the body of a write that was admitted. Only the secrets
 * that the approved step names are opened, in the version that was approved.
 * @throws FaultError `refused` for a mark of another secret; whatever opening throws.
 */
export async function fillSecrets(
  body: Buffer | undefined,
  granted: ActiveGrant['secrets'],
  openSecret: OpenSecret,
): Promise<Buffer | undefined> {
  if (granted === undefined || body === undefined || body.length === 0) return body;
  const parsed = parse(body);
  if (parsed === undefined) return body;
  const filled = await fill(parsed, async (reference) => {
    if (granted.references.includes(reference))
      return openSecret(reference, granted.scope, granted.versions[reference]);
    throw new FaultError('refused', `The approved step does not name the secret ${reference}.`);
  });
  return Buffer.from(JSON.stringify(filled));
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

async function fill(value: unknown, open: (reference: string) => Promise<string>): Promise<unknown> {
  if (typeof value === 'string') {
    const reference = markedSecret(value);
    return reference === undefined ? value : open(reference);
  }
  if (Array.isArray(value)) return Promise.all(value.map((item) => fill(item, open)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([key, item]) => [key, await fill(item, open)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
