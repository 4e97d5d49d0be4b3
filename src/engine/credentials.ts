import { type Fault, FaultError, fault, toFault } from '../domain/fault.ts';
import type { AnyOperation } from '../domain/operation.ts';
import type { Step } from '../domain/plan.ts';
import type { SecretScope } from '../domain/ports/secrets.ts';
import type { WantedCredentials, WorkerEngine } from './engine.ts';
import { connectionsFor } from './step-calls.ts';

type Placed = Pick<Step, 'environment' | 'input'>;

/** What a step would use: the connections it may reach, and the secrets it names. */
export function wantedCredentials(
  engine: WorkerEngine,
  operation: AnyOperation,
  { environment, input }: Placed,
): WantedCredentials {
  const connections = connectionsFor(engine, operation, environment === undefined ? [] : [environment]);
  return {
    names: [...connections, ...secretsIn(operation, input)],
    scope: scopeOf(operation.id, environment),
  };
}

/**
 * The version of each credential and secret that a step would use now; part of what is approved.
 * @throws FaultError `not-found` for a secret that is not kept.
 */
export function credentialVersions(
  engine: WorkerEngine,
  operation: AnyOperation,
  step: Placed,
): Record<string, string> {
  const { names, scope } = wantedCredentials(engine, operation, step);
  return Object.fromEntries(
    names.map((name) => {
      const version = engine.credentialVersion(name, scope);
      if (version !== undefined) return [name, version];
      const how = `\`reign credential set ${name.replace(/^vault:/, '')}\``;
      throw new FaultError('not-found', `No secret ${name} is kept for ${scope.environment}; see ${how}.`);
    }),
  );
}

/** Why a step may not run with the credentials of now; undefined when they are those that were approved. */
export function credentialRefusal(engine: WorkerEngine, step: Step): Fault | undefined {
  const scope = scopeOf(step.operation, step.environment);
  for (const [name, version] of Object.entries(step.credentials ?? {})) {
    const now = versionNow(engine, name, scope);
    if (typeof now === 'object') return now;
    if (now !== version)
      return fault(
        'stale',
        `The credential of ${name} is another one than when this was approved; ask again.`,
      );
  }
  return undefined;
}

function versionNow(engine: WorkerEngine, name: string, scope: SecretScope): string | undefined | Fault {
  try {
    return engine.credentialVersion(name, scope);
  } catch (error) {
    return toFault(error);
  }
}

/** References of the secrets that an input names. */
export function secretsIn({ secrets = [] }: AnyOperation, input: unknown): string[] {
  const fields = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>;
  return secrets.map((field) => fields[field]).filter((value) => typeof value === 'string');
}

export function scopeOf(operation: string, environment: string | undefined) {
  return { environment: environment ?? '*', tool: operation.split('.')[0] ?? '*' };
}
