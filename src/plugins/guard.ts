import { z } from 'zod';
import { FaultError } from '../domain/fault.ts';
import type { AnyOperation, EgressRule, UndoContract } from '../domain/operation.ts';
import type { Assessment } from '../domain/risk.ts';
import { assessmentShape, describedShape, egressShape, renderedShape } from './tool-shape.ts';

/** Where an operation is loaded: `step` is the sandbox, `service` the gateway or worker, which only ask what it would do. */
export type Place = 'service' | 'step';

/**
 * An operation of a plugin as Reign uses it: a frozen copy, whose every answer about what it would do is checked. A
 * write never becomes a read, a read lets nothing out, and in the service no phase can be run at all.
 */
export function guardOperation(given: AnyOperation, version: number, place: Place): AnyOperation {
  const { id } = given;
  const answer = <Value>(shape: z.ZodType<Value>, value: unknown, of: string): Value => {
    const parsed = shape.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new FaultError(
      'refused',
      `${of} of ${id} answers what it may not: ${z.prettifyError(parsed.error)}`,
    );
  };
  const guarded: AnyOperation = {
    ...given,
    version,
    runs: 'sandbox',
    assess(input) {
      const assessed = answer(assessmentShape, given.assess(input), 'assess');
      demandHonest(given, assessed as Assessment);
      return assessed as Assessment;
    },
    describe: (input) => answer(describedShape, given.describe(input), 'describe') as never,
    egress(input) {
      const rules = answer(egressShape, given.egress(input), 'egress') as EgressRule[];
      demandOwn(given, rules);
      return rules;
    },
    render: (output, input) => answer(renderedShape, given.render(output, input), 'render') as never,
    undo: Object.freeze({ ...given.undo }) as UndoContract<unknown, unknown>,
  };
  return Object.freeze(place === 'step' ? guarded : withoutPhases(guarded));
}

function demandHonest({ id, effect }: AnyOperation, assessed: Assessment): void {
  if ((assessed.effect === 'read') !== (effect === 'read'))
    throw new FaultError(
      'refused',
      `${id} is declared as ${effect} and assesses an input as ${assessed.effect}.`,
    );
  if (effect !== 'read' && (assessed.objects < 1 || assessed.targets.length < 1))
    throw new FaultError('refused', `${id} writes, and names no target or no object that it writes to.`);
  const odd = assessed.targets.find((target) => effect !== 'read' && !/^[a-z0-9]+:./.test(target));
  if (odd !== undefined)
    throw new FaultError('refused', `${id} names the target "${odd}"; expected one such as ticket:board/7.`);
}

function demandOwn({ id, effect, connections }: AnyOperation, rules: readonly EgressRule[]): void {
  if (effect === 'read' && rules.length > 0)
    throw new FaultError('refused', `${id} is declared as read and wants to let requests out that write.`);
  const foreign = rules.find(
    ({ connection }) => !connections.some((kind) => connection.startsWith(`${kind}:`)),
  );
  if (foreign)
    throw new FaultError(
      'refused',
      `${id} names ${foreign.connection}, which is of no kind that it declares.`,
    );
}

function withoutPhases(operation: AnyOperation): AnyOperation {
  const refuse = async (): Promise<never> => {
    throw new FaultError('refused', `${operation.id} runs in the sandbox only.`);
  };
  const phases = { resolve: refuse, preview: refuse, execute: refuse, landed: refuse, verify: refuse };
  const { undo } = operation;
  if (undo.kind === 'irreversible') return { ...operation, ...phases };
  const undoing = { capture: refuse, previewRestore: refuse, restore: refuse, verifyRestored: refuse };
  return { ...operation, ...phases, undo: Object.freeze({ ...undo, ...undoing }) };
}
