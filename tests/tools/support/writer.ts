import { setTimeout as delay } from 'node:timers/promises';
import type { EnvironmentView } from '../../../src/domain/environment.ts';
import { FaultError } from '../../../src/domain/fault.ts';
import type { AnyOperation, ExecuteContext, Preview } from '../../../src/domain/operation.ts';
import type { Writer } from '../../../src/domain/ports/reader.ts';
import { copyFolder } from '../../../src/sandbox/host/copy-folder.ts';
import { openForwarder } from '../../../src/sandbox/host/forwarder.ts';
import { createRunProgram } from '../../../src/sandbox/host/run-program.ts';

export type TestWriter = Writer & { reports: string[] };

/**
 * A writer as the step host makes it, over one socket for all connections. Programs run unisolated in `workFolder`,
 * where one is given.
 */
export function testWriter(
  environments: readonly EnvironmentView[],
  socketPath: string,
  workFolder = '/nonexistent',
): TestWriter {
  const reports: string[] = [];
  const connections = environments.flatMap(({ connections }) => connections);
  const { signal } = new AbortController();
  const connect = (id: string) => {
    const found = connections.find((connection) => connection.id === id);
    if (found === undefined) throw new FaultError('not-found', `No connection ${id}.`);
    return { id, environment: found.environment, socketPath, baseUrl: `http://${hostOf(id)}` };
  };
  return {
    environments,
    reports,
    writes: true,
    workFolder,
    signal,
    now: () => new Date(),
    sleep: (milliseconds) => delay(milliseconds),
    report: (line) => reports.push(line),
    connect,
    copyFolder: (id, below, into) => copyFolder(connect(id), below, into, signal),
    forward: (id, mayAsk) => openForwarder(connect(id), mayAsk),
    ...(workFolder === '/nonexistent' ? {} : { runProgram: createRunProgram(workFolder, signal) }),
  };
}

export function hostOf(connectionId: string): string {
  return `${connectionId.replace(/[^a-z0-9]/g, '-')}.test`;
}

/** Resolves a request to input, or fails the test with what was asked instead. */
export async function inputFor(operation: AnyOperation, request: object, writer: Writer) {
  const resolution = await operation.resolve(operation.request.parse(request), writer);
  if (resolution.kind !== 'input') throw new Error(`not resolved: ${JSON.stringify(resolution)}`);
  return operation.input.parse(resolution.input);
}

/** Resolves, previews and executes, as the engine does. */
export async function carryOut(operation: AnyOperation, request: object, writer: Writer, key: string) {
  const input = await inputFor(operation, request, writer);
  const approved = await operation.preview(input, writer);
  const undo = operation.undo.kind === 'reversible' ? await operation.undo.capture(input, writer) : undefined;
  const context: ExecuteContext = { approved, idempotencyKey: key };
  const output = operation.output.parse(await operation.execute(input, writer, context));
  return { input, approved, undo, context, output };
}

/** What the engine stores and reads again is JSON: nothing may be lost on the way. */
export function throughJson(preview: Preview): Preview {
  return JSON.parse(JSON.stringify(preview)) as Preview;
}

/** The fault of a promise that must fail. */
export async function faultOf(promise: Promise<unknown>) {
  try {
    await promise;
  } catch (error) {
    if (error instanceof FaultError) return error.fault;
    throw error;
  }
  throw new Error('It did not fail.');
}
