import { readdir, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { readIfThere } from '../data-dir.ts';
import type { ProcessIdentity } from '../processes.ts';
import { commandLine, identify } from '../processes.ts';
import type { PostgresPlace } from './place.ts';

export interface Postmaster {
  identity: ProcessIdentity;
  port: number;
  /** What the server itself wrote: starting, ready, stopping, standby. */
  state: string;
}

/** The living server on this data folder; undefined when postmaster.pid is missing, stale or somebody else's. */
export async function findPostmaster(place: PostgresPlace): Promise<Postmaster | undefined> {
  const lines = (await readIfThere(pidFile(place)))?.split('\n') ?? [];
  const identity = await identify(Number(lines[0]));
  if (!identity || !(await servesFolder(identity.pid, place.data))) return undefined;
  return { identity, port: Number(lines[3] ?? 0), state: lines[7]?.trim() ?? '' };
}

/**
 * Makes way for a new server after a crash. Postgres refuses to start when the pid in postmaster.pid lives, even
 * if it is another program's by now: then the pid is replaced by an impossible one. The rest of the file stays,
 * because Postgres finds by it whether orphans of the old server still use the data. Call only after
 * `findPostmaster` found nothing.
 */
export async function clearStalePostmaster(place: PostgresPlace): Promise<void> {
  const text = await readIfThere(pidFile(place));
  if (text !== undefined && (await identify(Number.parseInt(text, 10)))) {
    await writeFile(pidFile(place), text.replace(/^[^\n]*/, '99999999'));
  }
  for (const name of await readdir(place.sockets)) await rm(join(place.sockets, name), { force: true });
}

/** Whether the server takes sessions: it answers a startup packet with a request for the password. */
export async function takesSessions(port: number): Promise<boolean> {
  const parameters = Buffer.from('user\0reign\0database\0reign\0\0');
  const packet = Buffer.alloc(8 + parameters.length);
  packet.writeInt32BE(packet.length, 0);
  packet.writeInt32BE(3 << 16, 4);
  parameters.copy(packet, 8);
  return await new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(packet));
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2000, () => finish(false));
    socket.once('data', (data) => finish(data[0] === 'R'.charCodeAt(0)));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
  });
}

function pidFile(place: PostgresPlace): string {
  return join(place.data, 'postmaster.pid');
}

/** A postmaster works in its data folder, which the kernel tells even after the folder was renamed. */
async function servesFolder(pid: number, data: string): Promise<boolean> {
  const words = await commandLine(pid);
  if (basename(words[0] ?? '') !== 'postgres') return false;
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return folder === undefined ? words.join(' ').includes(data) : folder === (await realpath(data));
}
