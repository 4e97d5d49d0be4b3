import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FaultError, toFault } from '../../../domain/fault.ts';
import { measured } from '../forward.ts';
import { connectionOf, viewOf } from '../handle.ts';
import type { SessionState } from '../index.ts';
import { needsRule, read } from '../judgement.ts';
import { findAddress } from '../probe/addresses.ts';
import { parseRequestPath } from '../request-path.ts';
import { refuseTunnel } from './answer.ts';
import { listed, type Target, targetOf } from './hosts.ts';

/** Open at once by one step; the broker's socket takes more, for all else that a step asks. */
const mostTunnels = 32;
const connectMilliseconds = 10_000;
/** What a rule calls all tunnels of a connection: what goes through them cannot be seen. */
const outside = '/outside';

/**
 * Answers CONNECT for a Terraform workspace: a tunnel to a host that its configuration lists, whose name is resolved
 * once. What is in it is between the step and that host. It is cut off when the call ends.
 */
export async function handleTunnel(
  state: SessionState,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  socket.on('error', () => {});
  state.tunnels += 1;
  try {
    await tunnel(state, await admit(state, request), socket, head);
  } catch (error) {
    const refusal = toFault(error);
    const { logger } = state.options;
    logger.warn({ target: request.url?.slice(0, 300), why: refusal.message }, 'refused a tunnel');
    refuseTunnel(socket, refusal);
  } finally {
    state.tunnels -= 1;
  }
}

/** `named`: the list has the host's whole name. */
type Admitted = { target: Target; named: boolean; signal: AbortSignal };

/** @throws FaultError why it may not pass */
async function admit(state: SessionState, request: IncomingMessage): Promise<Admitted> {
  const connection = connectionOf(request);
  const view = connection === undefined ? undefined : viewOf(state, connection);
  if (connection === undefined || view?.kind !== 'terraform')
    throw refused('Tunnels and upgrades are not passed on.');
  const grant = state.active;
  if (grant === undefined) throw refused('No call is running.');
  if (!grant.lists(connection)) throw refused(`This call may not use ${connection}.`);
  const target = targetOf(request.url ?? '');
  if (target === undefined) throw refused('A tunnel leads to host:port.');
  const hosts = view.terraform?.hosts ?? [];
  const entry = listed(hosts, target);
  if (entry === undefined)
    throw refused(
      `${nameOf(target)} is not among the hosts of ${view.name} in reign.yaml: ${hosts.join(', ')}.`,
    );
  if (state.tunnels > mostTunnels) throw refused(`More than ${mostTunnels} tunnels are not opened at once.`);
  const path = parseRequestPath(outside);
  if (typeof path === 'string') throw refused(path);
  const judgement = grant.writes ? needsRule('It opens a tunnel.') : read;
  const answer = await grant.admits(judgement, connection, 'CONNECT', path);
  if (!answer.ok) throw new FaultError(answer.fault.code, answer.fault.message);
  return { target, named: entry.named, signal: grant.signal };
}

async function tunnel(
  { options, meter }: SessionState,
  { target, named, signal }: Admitted,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const { lookup } = options;
  const found = await findAddress(target, {
    ...{ allowed: named ? [target.host] : [], signal },
    ...(lookup === undefined ? {} : { lookup }),
  }).catch((error: NodeJS.ErrnoException) => {
    throw unreachable(target, error.code ?? error.message);
  });
  if (found === undefined)
    throw refused(`${nameOf(target)} is at no public address: list it by its full name if that is meant.`);
  const remote = await open(found.address, target, signal);
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  remote.write(head);
  await Promise.allSettled([
    pipeline(socket, measured(meter), remote, { signal }),
    pipeline(remote, measured(meter), socket, { signal }),
  ]);
  socket.destroy();
  remote.destroy();
  const { bytesWritten: sent, bytesRead: received } = remote;
  options.logger.info({ target: nameOf(target), sent, received }, 'closed a tunnel');
}

function open(address: string, target: Target, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const remote = connect({ host: address, port: target.port });
    const fail = (why: string): void => {
      remote.destroy();
      reject(unreachable(target, why));
    };
    const onEnd = (): void => fail('the call has ended');
    const timer = setTimeout(() => fail('it did not answer in time'), connectMilliseconds);
    signal.addEventListener('abort', onEnd, { once: true });
    remote.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    remote.once('close', () => clearTimeout(timer));
    remote.once('connect', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onEnd);
      resolve(remote);
    });
    if (signal.aborted) onEnd();
  });
}

function nameOf({ host, port }: Target): string {
  return `${host}:${port}`;
}

function unreachable(target: Target, why: string): FaultError {
  return new FaultError('unreachable', `${nameOf(target)} cannot be reached: ${why}.`);
}

function refused(why: string): FaultError {
  return new FaultError('refused', why);
}
