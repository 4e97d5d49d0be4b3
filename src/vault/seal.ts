import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { FaultError } from '../domain/fault.ts';
import { canonicalJson } from '../domain/json.ts';
import type { KeyWrapper, Sealer, SecretAbout } from '../domain/ports/secrets.ts';

const algorithm = 'aes-256-gcm';
const tagBytes = 16;

/** Envelope encryption: each value has a data key of its own, which `keys` wraps. */
export function createSealer(keys: KeyWrapper): Sealer {
  return {
    async seal(value, about) {
      const dataKey = randomBytes(32);
      const { iv, text } = encrypt(dataKey, Buffer.from(value, 'utf8'), aboutBytes(about));
      return { ...(await keys.wrap(dataKey)), iv, text };
    },
    async open({ masterKey, wrapped, iv, text }, about) {
      const dataKey = await keys.unwrap(masterKey, wrapped);
      return decrypt(dataKey, { iv, text }, aboutBytes(about)).toString('utf8');
    },
    async rewrap(sealed) {
      return { ...sealed, ...(await keys.rewrap(sealed.masterKey, sealed.wrapped)) };
    },
    current: () => keys.current(),
    renew: () => keys.renew(),
  };
}

type Encrypted = { iv: string; text: string };

/** AES-256-GCM with a new nonce; the tag stands at the end of the text. */
export function encrypt(key: Buffer, plain: Buffer, authenticated: Buffer): Encrypted {
  const iv = randomBytes(12);
  const cipher = createCipheriv(algorithm, key, iv);
  cipher.setAAD(authenticated);
  const text = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { iv: iv.toString('base64url'), text: text.toString('base64url') };
}

/** @throws FaultError `refused` when the text, the key or what it belongs to is another. */
export function decrypt(key: Buffer, { iv, text }: Encrypted, authenticated: Buffer): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  try {
    const decipher = createDecipheriv(algorithm, key, Buffer.from(iv, 'base64url'));
    decipher.setAAD(authenticated);
    decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - tagBytes)), decipher.final()]);
  } catch (error) {
    throw new FaultError(
      'refused',
      'A sealed value does not open: it was changed, moved, or sealed by another key.',
      {
        cause: error,
      },
    );
  }
}

function aboutBytes({ name, environment, tool, version }: SecretAbout): Buffer {
  return Buffer.from(canonicalJson({ name, environment, tool, version }));
}
