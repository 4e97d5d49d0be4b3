import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { FaultError } from '../domain/fault.ts';
import { loadVerifyKey } from '../vault/keys.ts';

const masterKey = 'master.key';
const keyFiles = ['gateway.key', 'gateway.pub', masterKey];

/** The keys that there are, each by its name: as a volume of Kubernetes they are links into a folder of all of them. */
export async function copyKeys(from: string, to: string, options: { masterKey: boolean }): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const wanted = keyFiles.filter((name) => options.masterKey || name !== masterKey);
  for (const name of wanted.filter((each) => existsSync(path.join(from, each)))) {
    const copy = path.join(to, name);
    await copyFile(path.join(from, name), copy);
    await chmod(copy, name.endsWith('.pub') ? 0o644 : 0o600);
  }
}

/** Throws FaultError `bad-request` where the keys of a backup cannot be read, or the gateway's public one is missing. */
export async function checkKeys(folder: string): Promise<void> {
  try {
    for (const name of await readdir(folder))
      if (keyFiles.includes(name)) await readFile(path.join(folder, name));
    loadVerifyKey(await readFile(path.join(folder, 'gateway.pub'), 'utf8'));
  } catch (error) {
    const why = (error as Error).message;
    throw new FaultError(
      'bad-request',
      `The keys of the backup cannot be used: ${why}. Put the files themselves into ${folder}, from where they are kept.`,
    );
  }
}
