import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { silentLogger } from '../../src/domain/ports/runtime.ts';
import { runPodAgent } from '../../src/sandbox/pod/agent.ts';
import { openPodLink } from '../../src/sandbox/pod/link.ts';
import { freePort } from '../../src/services/ports.ts';

// The first process of a pod against a worker's real link; a port of this machine stands for the cluster's API.

const isOpen = /network of this pod is open/;

it('refuses an API that is reached only once the network works', async () => {
  const { agent, listen } = await startAgent();
  await delay(500);
  await listen.api();
  await listen.worker();
  await expect(agent).rejects.toThrow(isOpen);
});

it('refuses an API that was away when it was asked first', async () => {
  const { agent, listen } = await startAgent();
  await listen.worker();
  await delay(600);
  await listen.api();
  await expect(agent).rejects.toThrow(isOpen);
});

/** An agent that reaches neither its worker nor the API before they listen. */
async function startAgent() {
  const link = await openPodLink('127.0.0.1', 0, silentLogger);
  const folder = mkdtempSync(path.join(tmpdir(), 'reign-agent-'));
  const { connected: _, forget } = link.expect('token', path.join(folder, 'no-broker'));
  const file = link.fileFor('token');
  const worker = createServer((socket) => {
    const other = connect({ host: '127.0.0.1', port: file.port });
    for (const each of [socket, other]) each.on('error', () => {});
    socket.pipe(other).pipe(socket);
  });
  const api = createServer((socket) => socket.destroy());
  const ports = [await freePort(), await freePort()] as const;
  const linkFile = path.join(folder, 'link.json');
  writeFileSync(linkFile, JSON.stringify({ ...file, port: ports[0] }));
  const agent = runPodAgent({
    ...{ linkFile, stepHost: '/nowhere' },
    forbidden: { host: '127.0.0.1', port: ports[1] },
  });
  agent.catch(() => {});
  onTestFinished(async () => {
    forget();
    await link.close();
    for (const server of [worker, api]) server.close();
    rmSync(folder, { recursive: true });
  });
  const open = async (server: Server, port: number) => {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  };
  return { agent, listen: { worker: () => open(worker, ports[0]), api: () => open(api, ports[1]) } };
}
