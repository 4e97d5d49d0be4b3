import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ChildPlaces } from './backend.ts';
import { isLeftOver } from './leftovers.ts';

/** The longest path of a unix socket, one byte less than the kernel's field. */
const longestSocketPath = 107;

export type PlaceMaker = {
  create(name: string): ChildPlaces;
  remove(places: ChildPlaces): Promise<void>;
  close(): void;
};

/**
 * Makes one private folder a child below `workRoot`. Where the path of a socket in it would be too long, the sockets
 * are in a private folder of the system's temporary folder. Folders of processes that have ended are removed.
 */
export function createPlaceMaker(workRoot: string): PlaceMaker {
  const root = resolve(workRoot);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(root).filter(isLeftOver))
    rmSync(join(root, name), { recursive: true, force: true });
  const fits = Buffer.byteLength(join(root, 'x'.repeat(40), 'broker.sock')) <= longestSocketPath;
  const sockets = fits ? undefined : mkdtempSync(join(tmpdir(), 'reign-'));
  return {
    create(name) {
      const folder = join(root, name);
      const workFolder = join(folder, 'work');
      mkdirSync(folder, { mode: 0o700 });
      mkdirSync(workFolder, { mode: 0o700 });
      const socketPath = join(sockets ?? folder, sockets === undefined ? 'broker.sock' : `${name}.sock`);
      return { folder, workFolder, socketPath };
    },
    remove: (places) => rm(places.folder, { recursive: true, force: true }),
    close() {
      if (sockets !== undefined) rmSync(sockets, { recursive: true, force: true });
    },
  };
}

/** Gives the work folder to the account that the child runs as; bubblewrap enters it before it becomes that account. */
export function giveWorkFolder(places: ChildPlaces, account: number): void {
  chownSync(places.workFolder, account, account);
  chmodSync(places.workFolder, 0o711);
}
