import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

export type Bridge = { url: string; close(): void };

/** Inside: listens on the port and passes everything to the socket. */
const inside = `const net = require('net');
const [port, socket] = process.argv.slice(1);
net.createServer((near) => {
  const far = net.connect(socket);
  near.on('error', () => far.destroy()).pipe(far).on('error', () => near.destroy()).pipe(near);
}).listen(Number(port), '10.200.0.1', () => console.log('up'));`;

/**
 * Lets containers, whose network ends at the engine's own, reach a server of this machine.
 * @returns the server's address as containers see it.
 */
export async function bridge(engineFolder: string, address: string): Promise<Bridge> {
  const url = new URL(address);
  const port = Number(url.port);
  const socket = join(engineFolder, `bridge-${port}.sock`);
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    near
      .on('error', () => far.destroy())
      .pipe(far)
      .on('error', () => near.destroy())
      .pipe(near);
  });
  server.listen(socket);
  await once(server, 'listening');
  const engine = readFileSync(join(engineFolder, 'pid'), 'utf8').trim();
  const command = [`--net=/proc/${engine}/ns/net`, process.execPath, '-e', inside, String(port), socket];
  const child = spawn('nsenter', command, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  url.hostname = '10.200.0.1';
  return { url: url.href, close: () => end(server, child) };
}

function end(server: Server, child: ChildProcess): void {
  child.kill();
  server.close();
}
