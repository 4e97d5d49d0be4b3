import { FaultError } from '../domain/fault.ts';
import { isDeferred, type Step } from '../domain/plan.ts';
import { readPointer, substitute } from '../domain/references.ts';
import { operationOf } from './acts.ts';
import { chainSameTargets } from './chain.ts';
import type { WorkerEngine } from './engine.ts';
import type { PlanRecord } from './ports.ts';
import { resolveRequest } from './resolve-request.ts';
import { inputFields } from './shape-step.ts';
import { withStandIn } from './stand-in.ts';

/**
 * Gives deferred steps their input where the results that they need are there now, so that they can be previewed.
 * Throws FaultError when one cannot be had; a question counts as that, since nobody waits in the thread any more.
 */
export async function resolveDeferred(engine: WorkerEngine, record: PlanRecord): Promise<PlanRecord> {
  const due = record.steps.filter((step) => isDeferred(step) && canResolve(record.steps, step));
  if (due.length === 0) return record;
  const session = await engine.sandbox.open({ planId: record.plan.id, profile: 'tool' });
  try {
    const steps: Step[] = [];
    for (const step of record.steps) {
      if (!due.includes(step)) steps.push(step);
      else {
        const operation = operationOf(engine.catalogue, step);
        const request = substitute(step.request, (field) => resultFor(record.steps, step, field));
        const { authors } = record.plan;
        const meant = await resolveRequest(engine, session, operation, request, authors);
        const { operation: done, resolved } =
          meant.kind === 'input'
            ? await withStandIn(engine, session, operation, meant.input, authors)
            : { operation, resolved: meant };
        // A step stays the operation that it was planned as.
        if (done !== operation)
          throw new FaultError(
            'unsupported',
            `${operation.id} would be a pull request: ask for it by itself.`,
          );
        if (resolved.kind === 'impossible') throw new FaultError('bad-request', resolved.reason);
        if (resolved.kind === 'question')
          throw new FaultError('bad-request', `${operation.id} is not clear: ${resolved.question.text}`);
        const bindings = step.bindings?.map((binding) => ({ ...binding, when: 'resolved' as const })) ?? [];
        const { preview: _deferred, ...rest } = step;
        steps.push({ ...rest, bindings, ...inputFields(engine, operation, resolved.input) });
      }
    }
    return { ...record, steps: chainSameTargets(steps) };
  } finally {
    await session.close();
  }
}

function canResolve(steps: readonly Step[], { state, needs }: Step): boolean {
  return (
    state === 'planned' && needs.every((need) => steps.find(({ key }) => key === need)?.state === 'succeeded')
  );
}

function resultFor(steps: readonly Step[], step: Step, field: string) {
  const reference = step.bindings?.find((each) => each.field === field);
  const source = steps.find(({ key }) => key === reference?.from);
  const value = reference && readPointer(source?.output, reference.at);
  if (value === undefined)
    throw new FaultError('not-found', `The result of "${reference?.from}" has no ${reference?.at}.`);
  return value;
}
