import type { DraftStep } from '../domain/draft.ts';
import { newId } from '../domain/ids.ts';
import { isObject, type Json } from '../domain/json.ts';
import { type AnyOperation, type Preview, undoKindOf } from '../domain/operation.ts';
import type { Step } from '../domain/plan.ts';
import type { Binding } from '../domain/references.ts';
import { gradeRisk } from '../domain/risk.ts';
import { actFrom } from './acts.ts';
import type { WorkerEngine } from './engine.ts';

export type ShapedBy = { operation: AnyOperation; bindings: readonly Binding[] };

/** A step as a plan begins with it; what depends on its input is added by `inputFields`. */
function newStep(planId: string, position: number, draft: DraftStep, { operation, bindings }: ShapedBy) {
  return {
    id: newId('s'),
    planId,
    key: draft.key,
    position,
    operation: operation.id,
    operationVersion: operation.version,
    mode: 'do' as const,
    request: draft.request,
    ...(bindings.length === 0 ? {} : { bindings }),
    needs: [...draft.needs],
    state: 'planned' as const,
    version: 1,
    undoKind: operation.undo.kind as Step['undoKind'],
    attempts: 0,
  };
}

export function shapeStep(
  engine: WorkerEngine,
  planId: string,
  position: number,
  draft: DraftStep,
  made: ShapedBy & { input: Json },
): Step {
  return {
    ...newStep(planId, position, draft, made),
    ...inputFields(engine, made.operation, made.input),
  };
}

/** What follows from an input alone: where it acts, on what, how risky that is, and how it reads. */
export function inputFields(engine: WorkerEngine, operation: AnyOperation, input: Json) {
  const assessment = operation.assess(input);
  const { tier } = actFrom(operation, assessment, engine.environments);
  const { title, byHand } = operation.describe(input);
  return {
    input,
    undoKind: undoKindOf(operation, input),
    ...(assessment.environment === undefined ? {} : { environment: assessment.environment }),
    ...(assessment.place === undefined ? {} : { place: assessment.place }),
    tier,
    targets: [...assessment.targets],
    risk: gradeRisk(assessment, tier),
    title: `${title}${clusterOf(engine, input)}`,
    ...(byHand === undefined ? {} : { byHand }),
  };
}

/** " (eu)" where an environment has several of a kind: its name alone does not say where a step acts. */
function clusterOf({ environments }: WorkerEngine, input: Json): string {
  const id = isObject(input) ? input['connection'] : null;
  const siblings = environments.flatMap(({ connections }) => connections);
  const own = siblings.find((each) => each.id === id);
  const alike = siblings.filter(
    ({ kind, environment }) => kind === own?.kind && environment === own.environment,
  );
  return own !== undefined && alike.length > 1 ? ` (${own.name})` : '';
}

/** A step that cannot be previewed before another has run: it is graded as what it may become at worst. */
export function shapeDeferred(planId: string, position: number, draft: DraftStep, made: ShapedBy): Step {
  const { operation, bindings } = made;
  const sources = [...new Set(bindings.map(({ from }) => from))].join(' and ');
  const unknown = {
    effect: operation.effect,
    targets: [],
    objects: 1,
    reasons: [`what it acts on is known after ${sources}; it is shown and asked for then`],
  };
  const preview: Preview = {
    kind: 'deferred',
    before: null,
    after: null,
    fingerprint: null,
    summary: `needs the result of ${sources}`,
    warnings: [],
    raises: [],
    server: '',
  };
  return {
    ...newStep(planId, position, draft, made),
    input: {},
    tier: 'production',
    targets: [],
    risk: gradeRisk(unknown, 'production'),
    title: `Later: ${operation.summary}`,
    preview,
  };
}
