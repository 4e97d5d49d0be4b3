import type { EnvironmentView } from '../domain/environment.ts';
import type { Extensions } from '../domain/extensions.ts';
import { FaultError } from '../domain/fault.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import type { Backend, ChildPlaces, StartedChild } from './backend.ts';
import type { BrokerSession } from './broker/index.ts';
import { createCapture } from './capture.ts';
import { seenBy } from './extension-code.ts';
import { readLines } from './lines.ts';
import type { Profile } from './options.ts';
import { type HostMessage, lineLimitBytes, parseHostMessage, type WorkerMessage } from './protocol.ts';

/** A child that runs a step host and has greeted back, with its own broker socket. */
export type Child = {
  readonly profile: Profile;
  readonly started: StartedChild;
  readonly broker: BrokerSession;
  /** False once the process has ended or broke the protocol. */
  alive(): boolean;
  /** Why it ended, with the last lines that it wrote, redacted; for people. */
  lastWords(): string;
  /** False for a message that is longer than a step reads; it is not sent then. */
  send(message: WorkerMessage): boolean;
  /** Sets who gets messages and who is told when it ends; one at a time. */
  listen(listener: ChildListener | undefined): void;
  /** Kills it with all it started and removes its folder; resolves when all that is done. Safe to call twice. */
  end(): Promise<void>;
};

export type ChildListener = { message(message: HostMessage): void; ended(): void };

export type ChildSurroundings = {
  backend: Backend;
  environments: readonly EnvironmentView[];
  extensions: Extensions;
  redact: (text: string) => string;
  logger: Logger;
  removePlaces: (places: ChildPlaces) => Promise<void>;
};

const readyMilliseconds = 20_000;

/**
 * Starts a child and waits until it is ready; one that is forked ahead makes room for others until it is `wanted`.
 * Throws FaultError `internal` with what it wrote when it is not ready in time.
 */
export async function startChild(
  around: ChildSurroundings,
  profile: Profile,
  places: ChildPlaces,
  broker: BrokerSession,
  wanted?: AbortSignal,
): Promise<Child> {
  const started = await around.backend.start(profile, places).catch(async (error: unknown) => {
    await broker.close();
    await around.removePlaces(places);
    throw error;
  });
  const usual = (): void => started.setPace('usual');
  if (wanted && !wanted.aborted) {
    started.setPace('low');
    wanted.addEventListener('abort', usual, { once: true });
  }
  const child = watch(around, profile, places, broker, started);
  const { workFolder, socketPath } = started.seen;
  const { environments, backend } = around;
  const extensions = seenBy(started, around.extensions);
  child.send({ type: 'hello', environments, workFolder, socketPath, programs: backend.isolates, extensions });
  const ready = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), readyMilliseconds);
    const settle = (answer: boolean): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    child.listen({ message: ({ type }) => type === 'ready' && settle(true), ended: () => settle(false) });
  });
  child.listen(undefined);
  wanted?.removeEventListener('abort', usual);
  usual();
  if (ready) return child;
  await child.end();
  throw new FaultError('internal', `A step could not be started. ${child.lastWords()} Run \`reign doctor\`.`);
}

function watch(
  around: ChildSurroundings,
  profile: Profile,
  places: ChildPlaces,
  broker: BrokerSession,
  started: StartedChild,
): Child {
  const { channel, outputs } = started;
  const capture = createCapture(around.redact, around.logger);
  for (const output of outputs) capture.read(output);
  let alive = true;
  let reason = '';
  let listener: ChildListener | undefined;
  let ending: Promise<void> | undefined;
  const ended = (why: string): void => {
    if (!alive) return;
    alive = false;
    reason = why;
    listener?.ended();
  };
  void started.ended.then((how) => ended(`It ${how}.`));
  channel.on('error', () => {});
  const onLine = (line: string): void => {
    const message = parseHostMessage(line);
    if (message === undefined) ended('It sent a line that is no message.');
    else listener?.message(message);
  };
  readLines(channel, lineLimitBytes, onLine, () => ended('It sent a message of more than 8 MB.'));
  const end = async (): Promise<void> => {
    ended('It was ended.');
    await Promise.all([started.kill(), broker.close()]);
    for (const stream of [channel, ...outputs]) stream.destroy();
    await around.removePlaces(places);
  };
  return {
    ...{ profile, started, broker },
    alive: () => alive,
    lastWords: () => `${reason}${capture.tail()}`,
    send(message) {
      const line = Buffer.from(`${JSON.stringify(message)}\n`);
      if (line.length > lineLimitBytes) return false;
      channel.write(line);
      return true;
    },
    listen(next) {
      if (next !== undefined) capture.follow();
      listener = next;
    },
    end: () => (ending ??= end()),
  };
}
