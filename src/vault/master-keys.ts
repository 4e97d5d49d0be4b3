import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FaultError } from '../domain/fault.ts';
import { sha256 } from '../domain/json.ts';
import type { KeyWrapper } from '../domain/ports/secrets.ts';
import { decrypt, encrypt } from './seal.ts';

type Ring = readonly { id: string; key: Buffer }[];

/**
 * Master keys of 32 bytes, base64, the current one first: from the variable REIGN_MASTER_KEY (several with commas), else
 * from a file with one a line (0600), which is made on first use. A key is known by a piece of its hash.
 */
export function createMasterKeys(options: { variable?: string | undefined; file: string }): KeyWrapper {
  const { variable, file } = options;
  const fixed = variable === undefined ? undefined : parse(variable.split(','), 'REIGN_MASTER_KEY');
  let renewing: Promise<unknown> = Promise.resolve();
  let read: { ring: Ring; written: string } | undefined;
  const load = async (): Promise<Ring> => {
    if (fixed !== undefined) return fixed;
    // Another process may have made a new key.
    const status = await stat(file).catch(() => undefined);
    if (status === undefined && read !== undefined) return read.ring;
    const written = `${status?.ino} ${status?.mtimeMs}`;
    if (read === undefined || read.written !== written) read = { ring: await readOrMake(file), written };
    return read.ring;
  };
  const first = async () => {
    const [current] = await load();
    if (current === undefined) throw new FaultError('unreachable', `There is no master key in ${file}.`);
    return current;
  };
  const wrap: KeyWrapper['wrap'] = async (dataKey) => {
    const { id, key } = await first();
    const { iv, text } = encrypt(key, dataKey, Buffer.from(id));
    return { masterKey: id, wrapped: `${iv}.${text}` };
  };
  const unwrap: KeyWrapper['unwrap'] = async (masterKey, wrapped) => {
    const key = (await load()).find(({ id }) => id === masterKey)?.key;
    if (key === undefined)
      throw new FaultError(
        'not-found',
        `The master key ${masterKey} is not here: restore it from the backup.`,
      );
    const [iv = '', text = ''] = wrapped.split('.');
    return decrypt(key, { iv, text }, Buffer.from(masterKey));
  };
  return {
    // Those of a key management service begin with its name.
    owns: (masterKey) => !masterKey.includes(':'),
    wrap,
    unwrap,
    rewrap: async (masterKey, wrapped) => wrap(await unwrap(masterKey, wrapped)),
    current: async () => (await first()).id,
    async renew() {
      if (variable !== undefined)
        throw new FaultError(
          'unsupported',
          'Put a new key first in REIGN_MASTER_KEY (new,old) and start again.',
        );
      // One after the other: of two at once, the later would forget the key of the first.
      const renewed = renewing.then(async () => {
        const next = randomBytes(32);
        await write(file, [{ id: idOf(next), key: next }, ...(await load())]);
        return idOf(next);
      });
      renewing = renewed.catch(() => undefined);
      return renewed;
    },
  };
}

async function readOrMake(file: string): Promise<Ring> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new FaultError('unreachable', `The master key ${file} cannot be read: ${error.code}.`);
  });
  if (text !== undefined) return parse(text.split('\n'), file);
  const key = randomBytes(32);
  const draft = await writeDraft(file, [{ id: idOf(key), key }]);
  // Of several that make the first key at once, one wins, and all use that one.
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(draft);
  return parse((await readFile(file, 'utf8')).split('\n'), file);
}

function parse(lines: readonly string[], where: string): Ring {
  const keys = lines.map((line) => line.trim()).filter((line) => line !== '');
  const ring = keys.map((line) => Buffer.from(line, 'base64')).map((key) => ({ id: idOf(key), key }));
  if (ring.length > 0 && ring.every(({ key }) => key.length === 32)) return ring;
  const how = 'openssl rand -base64 32';
  throw new FaultError('unreachable', `${where} must hold 32 bytes in base64, as \`${how}\` makes them.`);
}

/** Whole or not at all: another process may be reading it. */
async function write(file: string, ring: Ring): Promise<void> {
  await rename(await writeDraft(file, ring), file);
}

async function writeDraft(file: string, ring: Ring): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  const text = ring.map(({ key }) => `${key.toString('base64')}\n`).join('');
  await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
  return draft;
}

function idOf(key: Buffer): string {
  return sha256(`master key ${key.toString('base64')}`).slice(0, 12);
}
