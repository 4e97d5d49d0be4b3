import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
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
  let ring: Ring | undefined =
    variable === undefined ? undefined : parse(variable.split(','), 'REIGN_MASTER_KEY');
  let renewing: Promise<unknown> = Promise.resolve();
  const load = async (anew = false): Promise<Ring> => {
    if (ring === undefined || (anew && variable === undefined)) ring = await readOrMake(file);
    return ring;
  };
  const first = async () => {
    const [current] = await load();
    if (current === undefined) throw new FaultError('unreachable', `There is no master key in ${file}.`);
    return current;
  };
  return {
    async wrap(dataKey) {
      const { id, key } = await first();
      const { iv, text } = encrypt(key, dataKey, Buffer.from(id));
      return { masterKey: id, wrapped: `${iv}.${text}` };
    },
    async unwrap(masterKey, wrapped) {
      const has = (each: Ring) => each.find(({ id }) => id === masterKey)?.key;
      // Another process may have made it since the file was read.
      const key = has(await load()) ?? has(await load(true));
      if (key === undefined)
        throw new FaultError(
          'not-found',
          `The master key ${masterKey} is not here: restore it from the backup.`,
        );
      const [iv = '', text = ''] = wrapped.split('.');
      return decrypt(key, { iv, text }, Buffer.from(masterKey));
    },
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
        const longer = [{ id: idOf(next), key: next }, ...(await load(true))];
        await write(file, longer);
        ring = longer;
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
