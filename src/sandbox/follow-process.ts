import type { ChildProcess } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import type { StartedChild } from './backend.ts';
import { channelDescriptor } from './protocol.ts';

const lastOutputMilliseconds = 100;

/** The streams of a step that is a process of this machine, and how it ends. */
export function followProcess(
  child: ChildProcess,
  ranOutOfMemory: () => boolean = () => false,
): Pick<StartedChild, 'channel' | 'outputs' | 'ended'> {
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(`did not start: ${error.message}`));
    // Its last output may still be on the way; what it started may hold the pipes open, so that `close` never comes.
    child.on('exit', (code, signal) => {
      const how = ranOutOfMemory()
        ? 'used more memory than it may'
        : `ended with ${signal ?? `exit code ${code}`}`;
      const tell = (): void => resolve(how);
      child.once('close', tell);
      setTimeout(tell, lastOutputMilliseconds);
    });
  });
  const channel = child.stdio[channelDescriptor] as Duplex;
  return { channel, outputs: [child.stdout, child.stderr] as Readable[], ended };
}
