import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import type { Socket } from 'node:net';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FaultError } from '../../domain/fault.ts';
import type { Logger } from '../../domain/ports/runtime.ts';
import { type Backend, inside, type StartedChild } from '../backend.ts';
import { readLines } from '../lines.ts';
import { awaitPod, openStepJobs, type StepJobs } from './jobs.ts';
import { type Expected, openPodLink } from './link.ts';
import type { PodOptions } from './options.ts';
import type { SingleKind } from './wire.ts';

/** How long the pod's own agent has to end the step before the cluster is asked to. */
const agentMilliseconds = 2000;
const goneMilliseconds = 10_000;
const lastOutputMilliseconds = 100;
/** The cluster ends a step this much after the worker should have. */
const graceSeconds = 5;

export type PodBackendOptions = {
  pod: PodOptions;
  stepHost: string;
  /** The built first process of a pod. */
  stepPod: string;
  logger: Logger;
};

/**
 * Runs each step in a pod made for it. Tries out what the cluster allows and removes what a lost worker has left.
 * Throws FaultError with what to do where pods cannot be made.
 */
export async function podBackend(options: PodBackendOptions): Promise<Backend & { close(): Promise<void> }> {
  const { pod, logger } = options;
  const heap = '--max-old-space-size=64';
  const command = [process.execPath, heap, realpathSync(options.stepPod), realpathSync(options.stepHost)];
  const { jobs, self } = await openStepJobs({ ...pod, command });
  const address = pod.address ?? self?.address;
  if (address === undefined)
    throw new FaultError(
      'unsupported',
      `This worker is no pod of the namespace ${pod.namespace}, so steps do not know where it is. Set sandbox.pod.address.`,
    );
  const link = await openPodLink(address, pod.port, logger);
  return {
    ...{ name: 'pod', isolates: true },
    async start(_profile, places) {
      const name = `reign-step-${basename(places.folder)}`;
      const token = randomBytes(32).toString('base64url');
      const expected = link.expect(token, places.socketPath);
      const startedAt = Date.now();
      try {
        await jobs.create(name, link.fileFor(token));
        const sockets = await awaitPod(jobs, name, expected.connected, pod.startSeconds);
        return control({ jobs, name, expected, sockets, startedAt, logger });
      } catch (error) {
        expected.forget();
        await removeJob(jobs, name, logger);
        throw error;
      }
    },
    async close() {
      await Promise.all([link.close(), jobs.close()]);
    },
  };
}

type Running = {
  jobs: StepJobs;
  name: string;
  expected: Expected;
  sockets: Record<SingleKind, Socket>;
  startedAt: number;
  logger: Logger;
};

function control({ jobs, name, expected, sockets, startedAt, logger }: Running): StartedChild {
  const { channel, output, control } = sockets;
  const closed = new Promise<void>((resolve) => void control.once('close', () => resolve()));
  const kill = async (): Promise<void> => {
    if (control.writable) control.write('kill\n');
    await Promise.race([closed, delay(agentMilliseconds)]);
    await removeJob(jobs, name, logger);
    if (!control.destroyed) await endByForce(jobs, name, closed, logger);
    expected.forget();
  };
  return {
    ...{ channel, outputs: [output], ended: howItEnded({ control, output }, closed, jobs, name) },
    seen: inside,
    seenCode: (folder) => folder,
    signal(signal) {
      if (control.writable) control.write(`signal ${signal}\n`);
    },
    setPace() {},
    bound({ deadline }) {
      jobs.endAt(name, (deadline.getTime() - startedAt) / 1000 + graceSeconds);
    },
    kill,
  };
}

/** What its agent says; where that is lost too, what the cluster says about the pod. */
async function howItEnded(
  { control, output }: Pick<Running['sockets'], 'control' | 'output'>,
  closed: Promise<void>,
  jobs: StepJobs,
  name: string,
): Promise<string> {
  let said: string | undefined;
  const onLine = (line: string): void => {
    if (line.startsWith('ended ')) said ??= line.slice('ended '.length, 200);
  };
  readLines(control, 1024, onLine, () => control.destroy());
  await closed;
  if (!output.destroyed) await Promise.race([once(output, 'close'), delay(lastOutputMilliseconds)]);
  if (said !== undefined) return said;
  const trouble = await jobs.trouble(name).catch(() => undefined);
  return `lost its pod: it ${trouble?.why ?? 'no longer answers'}`;
}

/** An agent that does not answer is ended by the kubelet, with everything in its pod. */
async function endByForce(
  jobs: StepJobs,
  name: string,
  closed: Promise<void>,
  logger: Logger,
): Promise<void> {
  await jobs.removePod(name).catch((error: Error) => warn(logger, name, error));
  await Promise.race([closed, delay(goneMilliseconds)]);
}

/** What stays behind is ended by its own deadline, and is of no use without its worker. */
async function removeJob(jobs: StepJobs, name: string, logger: Logger): Promise<void> {
  await jobs.remove(name).catch((error: Error) => warn(logger, name, error));
}

function warn(logger: Logger, job: string, error: Error): void {
  logger.warn({ job, problem: error.message }, "a step's Job could not be deleted");
}
