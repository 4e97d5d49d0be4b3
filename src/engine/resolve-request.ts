import { findEnvironment } from '../domain/environment.ts';
import type { Json } from '../domain/json.ts';
import type { AnyOperation, Question, Resolution } from '../domain/operation.ts';
import type { StepSession } from '../domain/ports/sandbox.ts';
import { actFrom, peopleOf } from './acts.ts';
import type { WorkerEngine } from './engine.ts';
import { look } from './step-calls.ts';

export type Resolved =
  | { kind: 'input'; input: Json }
  | { kind: 'question'; question: Question }
  | { kind: 'impossible'; reason: string };

/** Makes complete, absolute input of what was asked for; looks only where all authors may read. Throws FaultError. */
export async function resolveRequest(
  engine: WorkerEngine,
  session: StepSession,
  operation: AnyOperation,
  request: Json,
  authors: readonly string[],
): Promise<Resolved> {
  const parsed = operation.request.safeParse(request);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.length ? `${issue.path.join('.')}: ` : '';
    return { kind: 'impossible', reason: `${operation.id}: ${field}${issue?.message}` };
  }
  const environments = visibleEnvironments(engine, operation, authors);
  const word = (parsed.data as { environment?: unknown }).environment;
  const meant = typeof word === 'string' ? findEnvironment(engine.environments, word) : undefined;
  if (meant && !environments.includes(meant.name)) {
    return { kind: 'impossible', reason: deniedReason(engine, operation, meant.name, authors) };
  }
  const looking = { operation, phase: 'resolve' as const, args: { request }, authors, environments };
  const resolution = (await look(engine, session, looking)) as unknown as Resolution<Json>;
  if (resolution.kind !== 'input') return resolution;
  return { kind: 'input', input: operation.input.parse(resolution.input) as Json };
}

/** Environments of which all authors may read; nothing of the others is shown, not even the names in them. */
function visibleEnvironments(
  engine: WorkerEngine,
  operation: AnyOperation,
  authors: readonly string[],
): string[] {
  const people = peopleOf(engine, authors);
  return engine.environments
    .filter((environment) => {
      const assessment = { effect: 'read' as const, targets: [], objects: 1, reasons: [] };
      const place = { environment: environment.name, place: environment.name };
      const act = actFrom(operation, { ...assessment, ...place }, engine.environments);
      return engine.policy.judge(act, people).kind !== 'deny';
    })
    .map(({ name }) => name);
}

function deniedReason(
  engine: WorkerEngine,
  operation: AnyOperation,
  environment: string,
  authors: readonly string[],
): string {
  const act = actFrom(
    operation,
    { effect: operation.effect, targets: [], objects: 1, reasons: [], environment, place: environment },
    engine.environments,
  );
  const outcome = engine.policy.judge(act, peopleOf(engine, authors));
  return outcome.kind === 'deny' ? outcome.reason : `You may not see ${environment}.`;
}
