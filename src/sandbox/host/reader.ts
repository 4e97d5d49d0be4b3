import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectionView, EnvironmentView } from '../../domain/environment.ts';
import { FaultError } from '../../domain/fault.ts';
import type { Connection, Reader, RunProgram, Writer } from '../../domain/ports/reader.ts';
import { baseUrlOf } from '../broker/connection-name.ts';
import { copyFolder } from './copy-folder.ts';
import { openForwarder } from './forwarder.ts';
import { createRunProgram } from './run-program.ts';

/** What a step knows about its surroundings, told once when it starts. */
export type Surroundings = {
  environments: readonly EnvironmentView[];
  socketPath: string;
  workFolder: string;
  /** Whether steps may run programs: only where something isolates them. */
  programs: boolean;
};

/** What belongs to one call: the connections it may use, how it is stopped, where its progress goes. */
export type CallContext = {
  connections: readonly string[];
  signal: AbortSignal;
  /** Fires when the call has been answered; a call that is stopped goes on until then. */
  ended: AbortSignal;
  report: (line: string) => void;
  /** Where the call is traced: what programs are told to be below, and how a span is reported. */
  trace?: { parent: string; span: (name: string, startedAt: number) => void };
};

/** The reader of one call. Its limits are enforced by the broker; the checks here only give early, clear words. */
export function createReader(around: Surroundings, context: CallContext): Reader {
  return {
    environments: visibleEnvironments(around, context),
    workFolder: around.workFolder,
    signal: context.signal,
    connect: (connectionId) => connect(around, context, connectionId),
    now: () => new Date(),
    sleep: (milliseconds) => delay(milliseconds, undefined, { signal: context.signal }),
    report: context.report,
    copyFolder: (connectionId, below, into) =>
      copyFolder(connect(around, context, connectionId), below, into, context.signal),
    async forward(connectionId, mayAsk) {
      const forwarder = await openForwarder(connect(around, context, connectionId), mayAsk, context.report);
      // Not when it is stopped: a program that ends well may have something to say until the end.
      context.ended.addEventListener('abort', () => forwarder.close(), { once: true });
      return forwarder;
    },
    ...(around.programs
      ? { runProgram: traced(createRunProgram(around.workFolder, context.signal, context.ended), context) }
      : {}),
  };
}

/** Programs are told where they stand, as is usual, in a variable; how long each ran is reported. */
function traced(run: RunProgram, { trace }: CallContext): RunProgram {
  if (trace === undefined) return run;
  return async (program, args, options) => {
    const startedAt = Date.now();
    const env = { TRACEPARENT: trace.parent, ...options.env };
    return run(program, args, { ...options, env }).finally(() => trace.span(program, startedAt));
  };
}

/**
 * Only environments that the call may reach: the others' names and what is in them are none of its business. Where it
 * reaches no server at all, folders or nothing, it may know what they are called.
 */
function visibleEnvironments(
  { environments }: Surroundings,
  { connections }: CallContext,
): readonly EnvironmentView[] {
  const own = connections.filter((id) => !id.startsWith('http:'));
  const reached = ({ kind, id }: ConnectionView) => kind !== 'folder' || own.includes(id);
  if (own.every((id) => id.startsWith('folder:')))
    return environments.map((each) => ({ ...each, connections: each.connections.filter(reached) }));
  return environments.filter((environment) => environment.connections.some(({ id }) => own.includes(id)));
}

export function createWriter(around: Surroundings, context: CallContext): Writer {
  return { ...createReader(around, context), writes: true };
}

function connect(around: Surroundings, context: CallContext, id: string): Connection {
  if (!context.connections.includes(id))
    throw new FaultError(
      'not-found',
      `This step may not use the connection ${id}. It may use: ${context.connections.join(', ') || 'none'}.`,
    );
  const owner = around.environments.find((environment) =>
    environment.connections.some((connection) => connection.id === id),
  );
  return { id, environment: owner?.name ?? '', socketPath: around.socketPath, baseUrl: baseUrlOf(id) };
}
