import type { EnvironmentView } from '../domain/environment.ts';
import { type Fault, FaultError } from '../domain/fault.ts';
import type { Json } from '../domain/json.ts';
import type { AnyOperation } from '../domain/operation.ts';
import type { CallOptions, StepPhase, StepSession } from '../domain/ports/sandbox.ts';
import type { WorkerEngine } from './engine.ts';
import { storable } from './storable.ts';

/** Seconds that looking (resolve, preview, capture, landed) may take where an operation says nothing else. */
const lookingSeconds = 15;
/** The grace of a look that is stopped: it leaves nothing half made. */
const lookingGraceSeconds = 5;

export type Looking = {
  operation: AnyOperation;
  phase: StepPhase;
  args: Json;
  /** Who asked for it: their names decide what they may see. */
  authors: readonly string[];
  environments?: readonly string[];
};

/** Calls a phase that only looks: the broker passes nothing but reads and dry runs. Throws FaultError. */
export async function look(engine: WorkerEngine, session: StepSession, looking: Looking): Promise<Json> {
  const { operation, phase, args, authors, environments } = looking;
  return callOrThrow(session, operation, phase, args, {
    grant: { connections: connectionsFor(engine, operation, environments), people: authors },
    deadline: new Date(Date.now() + (operation.limits.lookSeconds ?? lookingSeconds) * 1000),
    memoryMb: operation.limits.memoryMb,
    stop: { ...operation.stop, graceSeconds: Math.min(operation.stop.graceSeconds, lookingGraceSeconds) },
  });
}

/** The connections that an operation may use in some environments (all of them when none is named). */
export function connectionsFor(
  engine: { environments: readonly EnvironmentView[] },
  operation: AnyOperation,
  environments?: readonly string[],
): string[] {
  const own = engine.environments
    .filter(({ name }) => environments === undefined || environments.includes(name))
    .flatMap(({ connections }) => connections)
    .filter(({ kind }) => operation.connections.includes(kind))
    .map(({ id }) => id);
  return operation.connections.includes('http') ? [...own, 'http:web'] : own;
}

/** One call; its fault is thrown. */
export async function callOrThrow(
  session: StepSession,
  operation: AnyOperation,
  phase: StepPhase,
  args: Json,
  options: CallOptions,
): Promise<Json> {
  const reply = await session.call({ operation: operation.id, phase, args }, options);
  if (reply.ok) return storable(reply.value);
  throw faultError(storable(reply.fault));
}

export function faultError({ code, message }: Fault): FaultError {
  return new FaultError(code, message);
}

/** `code` processes are single use and get no pooled tool process. */
export function profileOf(operation: AnyOperation): 'tool' | 'code' {
  return operation.effect === 'run-code' ? 'code' : 'tool';
}
