import type { Json } from '../domain/json.ts';
import type { AnyOperation } from '../domain/operation.ts';
import type { StepSession } from '../domain/ports/sandbox.ts';
import type { WorkerEngine } from './engine.ts';
import { type Resolved, resolveRequest } from './resolve-request.ts';

/** What proposes a change as a pull request. */
const proposing = 'gitops.propose';

/**
 * The operation that a step becomes, with its input: itself, or where the environment takes changes of its clusters as
 * pull requests, the proposal of it. Policy refuses there whatever is no proposal. Throws FaultError.
 */
export async function withStandIn(
  engine: WorkerEngine,
  session: StepSession,
  operation: AnyOperation,
  input: Json,
  authors: readonly string[],
): Promise<{ operation: AnyOperation; resolved: Resolved }> {
  const { effect, environment } = operation.assess(input);
  const { gitops } = engine.environments.find(({ name }) => name === environment) ?? {};
  const stays = { operation, resolved: { kind: 'input' as const, input } };
  if (gitops === undefined || effect === 'read' || !operation.connections.includes('kubernetes'))
    return stays;
  const standIn = engine.catalogue.find(proposing);
  if (standIn === undefined || operation.id === proposing) return stays;
  if (operation.delivered === undefined) {
    const reason = `${environment} takes changes as pull requests alone (writes: pull-request), and ${operation.id} is none that a file could hold.`;
    return { operation, resolved: { kind: 'impossible', reason } };
  }
  const request = { environment: environment ?? '', operation: operation.id, change: input };
  return { operation: standIn, resolved: await resolveRequest(engine, session, standIn, request, authors) };
}
