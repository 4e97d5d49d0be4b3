import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FaultError } from '../domain/fault.ts';

export type SigningKey = {
  /** Ed25519 over the UTF-8 bytes, base64url. */
  sign(content: string): string;
  verify(content: string, signature: string): boolean;
  /** PEM, to be given to workers and auditors. */
  publicKey: string;
};

/**
 * The gateway's Ed25519 key below `folder` (`gateway.key`, 0600, and `gateway.pub`), made on first use.
 * Losing it means that open approvals must be given again; a backup of Reign is the database and this folder.
 */
export async function loadSigningKey(folder: string): Promise<SigningKey> {
  const file = path.join(folder, 'gateway.key');
  const pem = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new FaultError('internal', `The gateway's key ${file} cannot be read: ${error.message}`);
  });
  const privateKey = pem === undefined ? await makeKey(folder, file) : createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const exported = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  await publish(path.join(folder, 'gateway.pub'), exported);
  return {
    sign: (content) => sign(null, Buffer.from(content), privateKey).toString('base64url'),
    verify: createVerifier(publicKey),
    publicKey: exported,
  };
}

/** Checks the gateway's signatures with its public key alone (PEM text). */
export function loadVerifyKey(pem: string): (content: string, signature: string) => boolean {
  return createVerifier(createPublicKey(pem));
}

/** What a worker has of the key: `gateway.pub` of the same folder, copied or shared. Throws FaultError `not-found`. */
export async function loadPublicKey(folder: string): Promise<SigningKey['verify']> {
  const file = path.join(folder, 'gateway.pub');
  const pem = await readFile(file, 'utf8').catch(() => {
    throw new FaultError('not-found', `${file} is missing: a worker needs its gateway's public key there.`);
  });
  return loadVerifyKey(pem);
}

/** Whole or not at all: a worker may be reading it in this moment. */
async function publish(file: string, pem: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => '')) === pem) return;
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, pem, { mode: 0o644 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EROFS' && error.code !== 'EACCES') throw error;
    const how = 'openssl pkey -in gateway.key -pubout';
    throw new FaultError(
      'refused',
      `${file} is not the public part of gateway.key beside it, and cannot be written here. Put there what \`${how}\` prints.`,
    );
  });
  await rename(draft, file);
}

async function makeKey(folder: string, file: string): Promise<KeyObject> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  await rename(draft, file);
  return privateKey;
}

/** Signatures that were checked already; a step's claim asks for the same ones again and again. */
const mostRemembered = 10_000;

function createVerifier(publicKey: KeyObject): (content: string, signature: string) => boolean {
  const checked = new Map<string, boolean>();
  return (content, signature) => {
    const key = `${signature}\n${content}`;
    const known = checked.get(key);
    if (known !== undefined) return known;
    const bytes = Buffer.from(signature, 'base64url');
    const good = bytes.length === 64 && verify(null, Buffer.from(content), publicKey, bytes);
    if (checked.size >= mostRemembered) checked.clear();
    checked.set(key, good);
    return good;
  };
}
