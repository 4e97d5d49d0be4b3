import { type Fault, fault } from '../domain/fault.ts';
import type { AnyOperation } from '../domain/operation.ts';
import type { Step } from '../domain/plan.ts';
import type { WorkerEngine } from './engine.ts';
import { connectionsFor } from './step-calls.ts';

/** The version of each credential that a step would use now; part of what is approved. */
export function credentialVersions(
  engine: WorkerEngine,
  operation: AnyOperation,
  { environment }: Pick<Step, 'environment'>,
): Record<string, string> {
  const connections = connectionsFor(engine, operation, environment === undefined ? [] : [environment]);
  return Object.fromEntries(connections.map((id) => [id, engine.credentialVersion(id)]));
}

/** Why a step may not run with the credentials of now; undefined when they are those that were approved. */
export function credentialRefusal(engine: WorkerEngine, step: Step): Fault | undefined {
  for (const [connection, version] of Object.entries(step.credentials ?? {})) {
    if (engine.credentialVersion(connection) !== version) {
      return fault(
        'stale',
        `The credential of ${connection} is another one than when this was approved; ask again.`,
      );
    }
  }
  return undefined;
}
