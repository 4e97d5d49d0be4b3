import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect as connectPlain, createServer, type Socket } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'node:tls';
import { inside } from '../backend.ts';
import { bounds } from '../limits/index.ts';
import { boundedCommand } from '../limits/rlimits.ts';
import { readLines } from '../lines.ts';
import { cleanEnvironment, findProgram } from '../programs.ts';
import { channelDescriptor } from '../protocol.ts';
import { join } from './link.ts';
import { type LinkFile, type LinkKind, serverName } from './wire.ts';

export type AgentOptions = {
  linkFile: string;
  /** The entry of a step, as it lies in the image. */
  stepHost: string;
  /** The cluster's API, which a pod that no NetworkPolicy bounds can reach. */
  forbidden: { host: string; port: number };
};

/** A network policy may take effect a moment after the pod's start. */
const closedWithinMilliseconds = 5000;
const probeMilliseconds = 1000;
/** A slow or restarting API refuses a connection, too: one failed attempt proves nothing. */
const proofs = 4;
const proofEveryMilliseconds = 500;
const connectWithinMilliseconds = 10_000;
const greetingMilliseconds = 5000;
const lastWordsMilliseconds = 100;

/**
 * The first process of a step's pod: connects to the worker, offers the broker as the socket that a step knows, runs
 * the step as a process beside it, and ends with it, with the worker, or when it is told to. Refuses to run a step
 * in a pod from which the cluster's own API can be reached. Returns the exit code of the pod.
 */
export async function runPodAgent({ linkFile, stepHost, forbidden }: AgentOptions): Promise<number> {
  const link = JSON.parse(readFileSync(linkFile, 'utf8')) as LinkFile;
  const control = await dialPatiently(link, 'control');
  if (!(await isClosed(forbidden)))
    throw new Error(
      'The network of this pod is open: no NetworkPolicy holds for steps. See docs/operations.md.',
    );
  const [output, channel] = await Promise.all([dial(link, 'output'), dial(link, 'channel')]);
  await offerBroker(link);
  const step = startStep(stepHost);
  join(step.stdio[channelDescriptor] as Socket, channel);
  for (const stream of [step.stdout, step.stderr]) (stream as Readable).pipe(output, { end: false });
  const onCommand = (line: string): void => {
    const [word, name] = line.split(' ');
    signalGroup(step, word === 'signal' ? (name as NodeJS.Signals) : 'SIGKILL');
  };
  readLines(control, 1024, onCommand, () => control.destroy());
  const stop = (): void => signalGroup(step, 'SIGKILL');
  // The worker is gone, or the pod is to go: there is nothing left to do for the step.
  control.once('close', stop);
  if (control.destroyed) stop();
  process.once('SIGTERM', stop);
  const [code, signal] = (await once(step, 'exit')) as [number | null, NodeJS.Signals | null];
  stop();
  await Promise.race([once(step, 'close'), delay(lastWordsMilliseconds)]);
  const how = ranOutOfMemory()
    ? 'used more memory than it may'
    : `ended with ${signal ?? `exit code ${code}`}`;
  await Promise.race([Promise.all([output, channel].map(finish)), delay(lastWordsMilliseconds)]);
  await new Promise<void>((resolve) => control.end(`ended ${how}\n`, () => resolve()));
  return code ?? 1;
}

function finish(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.end(() => resolve()));
}

/** The first connection: where policies and routes are made with the pod, it may have to be tried again. */
async function dialPatiently(link: LinkFile, kind: LinkKind): Promise<Socket> {
  for (const end = Date.now() + connectWithinMilliseconds; ; await delay(250)) {
    const socket = await dial(link, kind).catch((error: Error) => error);
    if (!(socket instanceof Error)) return socket;
    if (Date.now() > end) throw new Error(`The worker cannot be reached: ${socket.message}`);
  }
}

/** A connection that the worker has let in. */
async function dial(link: LinkFile, kind: LinkKind): Promise<Socket> {
  const { host, port, token, certificate: ca } = link;
  const options = { host, port, ca, servername: serverName, allowHalfOpen: kind === 'broker' };
  const socket = connect(options);
  socket.on('error', () => {});
  try {
    const inTime = { signal: AbortSignal.timeout(greetingMilliseconds) };
    socket.setKeepAlive(true, 10_000);
    await once(socket, 'secureConnect', inTime);
    socket.write(`${token} ${kind}\n`);
    await once(socket, 'readable', inTime);
    if (String(socket.read(3)) !== 'ok\n') throw new Error('it does not know this pod.');
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Asked when the network is known to work, or it would prove nothing: waits for the policy, then tries several times more. */
async function isClosed(address: { host: string; port: number }): Promise<boolean> {
  for (const end = Date.now() + closedWithinMilliseconds; await canReach(address); await delay(500))
    if (Date.now() > end) return false;
  const later = Array.from({ length: proofs }, async (_, at) => {
    await delay(at * proofEveryMilliseconds);
    return canReach(address);
  });
  return !(await Promise.all(later)).includes(true);
}

async function canReach(address: { host: string; port: number }): Promise<boolean> {
  const socket = connectPlain(address);
  socket.on('error', () => {});
  const reached = once(socket, 'connect', { signal: AbortSignal.timeout(probeMilliseconds) });
  const isOpen = await reached.then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isOpen;
}

async function offerBroker(link: LinkFile): Promise<void> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (local) => {
    local.on('error', () => {});
    dial(link, 'broker').then(
      (socket) => join(local, socket),
      () => local.destroy(),
    );
  });
  server.listen(inside.socketPath);
  await once(server, 'listening');
}

function startStep(stepHost: string): ChildProcess & { stdio: (Duplex | null)[] } {
  const node = [process.execPath, `--max-old-space-size=${bounds.heapMb}`, stepHost];
  const prlimit = findProgram('prlimit');
  // Processes are not counted: all steps of a machine have one account, and the count would be of all of them.
  const [program = '', ...args] = prlimit === undefined ? node : [...boundedCommand(prlimit, false), ...node];
  return spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    cwd: inside.workFolder,
    env: cleanEnvironment(inside.workFolder),
    detached: true,
  }) as ChildProcess & { stdio: (Duplex | null)[] };
}

function signalGroup({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // The group has ended.
  }
}

/** What the kernel has counted for this pod's own control group (version 2). */
function ranOutOfMemory(): boolean {
  const file = '/sys/fs/cgroup/memory.events';
  return existsSync(file) && /^oom_kill [1-9]/m.test(readFileSync(file, 'utf8'));
}
