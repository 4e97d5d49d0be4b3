import { FaultError } from '../domain/fault.ts';
import { canonicalJson, type Json } from '../domain/json.ts';
import type { Step } from '../domain/plan.ts';
import { readPointer, topField } from '../domain/references.ts';
import { operationOf } from './acts.ts';
import type { Engine } from './engine.ts';

/**
 * A step's input with the values that other steps' results have by now. Throws FaultError when a result lacks its value,
 * or when the value would change anything that was approved: what the step acts on, and how it is judged.
 */
export function bindLate(engine: Pick<Engine, 'catalogue'>, steps: readonly Step[], step: Step): Json {
  const late = (step.bindings ?? []).filter(({ when }) => when === 'late');
  if (late.length === 0) return step.input;
  const operation = operationOf(engine.catalogue, step);
  const bound = { ...(step.input as { [field: string]: Json }) };
  for (const binding of late) {
    const field = topField(binding);
    if (field === undefined || !operation.lateBindable?.includes(field))
      throw new FaultError('refused', `${step.title}: ${binding.field} cannot be filled after the approval.`);
    const value = readPointer(steps.find(({ key }) => key === binding.from)?.output, binding.at);
    if (value === undefined)
      throw new FaultError('refused', `${step.title}: the result of "${binding.from}" has no ${binding.at}.`);
    bound[field] = value;
  }
  const parsed = operation.input.safeParse(bound);
  if (!parsed.success)
    throw new FaultError(
      'refused',
      `${step.title}: a value of another step does not fit: ${parsed.error.message}`,
    );
  if (
    canonicalJson(operation.assess(parsed.data)) !==
    canonicalJson(operation.assess(operation.input.parse(step.input)))
  )
    throw new FaultError('refused', `${step.title}: a value of another step would change what was approved.`);
  return parsed.data as Json;
}
