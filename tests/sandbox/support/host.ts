import { Socket } from 'node:net';
import { runStepHost } from '../../../src/sandbox/host/index.ts';
import { channelDescriptor } from '../../../src/sandbox/protocol.ts';
import { snippet } from './operations.ts';

/** Like src/step-host.ts, with the operations of these tests. */
const channel = new Socket({ fd: channelDescriptor, readable: true, writable: true });
channel.on('close', () => process.exit(0));
const host = runStepHost(
  { all: [snippet], find: (id) => (id === snippet.id ? snippet : undefined) },
  channel,
);
process.on('SIGTERM', (signal) => host.stop(signal));
process.on('SIGINT', (signal) => host.stop(signal));
