import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import type { Json } from '../../domain/json.ts';
import type { AnyOperation, ExecuteContext, Preview, UndoContract } from '../../domain/operation.ts';
import type { Reader, Writer } from '../../domain/ports/reader.ts';
import type { StepPhase } from '../../domain/ports/sandbox.ts';

const arguments_ = z.looseObject({
  request: z.unknown().optional(),
  input: z.unknown().optional(),
  previous: z.unknown().optional(),
  approved: z.unknown().optional(),
  idempotencyKey: z.string().optional(),
  undo: z.unknown().optional(),
  output: z.unknown().optional(),
});
type Arguments = z.infer<typeof arguments_>;

type Reversible = Extract<UndoContract<unknown, unknown>, { kind: 'reversible' }>;

/**
 * Runs one phase of an operation and returns what it returned. Input and request are parsed with the operation's own
 * schemas, and so is the output of `execute`. Only `execute` and `restore` get the writer.
 * Throws FaultError `bad-request` for arguments that do not parse, and whatever the operation throws.
 */
export async function runPhase(
  operation: AnyOperation,
  phase: StepPhase,
  args: Json,
  access: { reader: Reader; writer: Writer },
): Promise<unknown> {
  const given = parse(arguments_, args, operation, 'arguments');
  const { reader, writer } = access;
  if (phase === 'resolve')
    return operation.resolve(parse(operation.request, given.request, operation, 'request'), reader);
  const input: unknown = parse(operation.input, given.input, operation, 'input');
  switch (phase) {
    case 'preview':
      return operation.preview(input, reader, previewOf(given.previous));
    case 'capture':
      return reversible(operation).capture(input, reader);
    case 'execute':
      return parseOutput(operation, await operation.execute(input, writer, contextOf(given)));
    case 'landed':
      return operation.landed(input, reader, contextOf(given));
    case 'verify':
      return operation.verify(input, reader, contextOf(given));
    case 'preview-restore':
      return reversible(operation).previewRestore(input, given.undo, reader);
    case 'restore':
      return reversible(operation).restore(input, given.undo, writer);
    case 'verify-restored':
      return reversible(operation).verifyRestored(input, given.undo, reader);
    default:
      phase satisfies never;
      throw new FaultError('bad-request', `A step has no phase ${String(phase)}.`);
  }
}

function contextOf(given: Arguments): ExecuteContext {
  if (given.idempotencyKey === undefined)
    throw new FaultError('bad-request', 'The arguments name no idempotencyKey.');
  const output = given.output === undefined ? {} : { output: given.output as Json };
  return { approved: previewOf(given.approved), idempotencyKey: given.idempotencyKey, ...output };
}

/** Previews come from the store, where they were written as they left an operation. */
function previewOf(value: unknown): Preview | undefined {
  return value === null || value === undefined ? undefined : (value as Preview);
}

function reversible(operation: AnyOperation): Reversible {
  if (operation.undo.kind === 'reversible') return operation.undo as Reversible;
  throw new FaultError('unsupported', `${operation.id} cannot be undone: ${operation.undo.reason}`);
}

function parseOutput(operation: AnyOperation, output: unknown): unknown {
  const parsed = operation.output.safeParse(output);
  if (parsed.success) return parsed.data;
  throw new FaultError(
    'internal',
    `${operation.id} ran, but its result has another form than it promises: ${z.prettifyError(parsed.error)}`,
  );
}

function parse<Value>(
  schema: z.ZodType<Value>,
  value: unknown,
  operation: AnyOperation,
  what: 'arguments' | 'request' | 'input',
): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new FaultError(
    'bad-request',
    `The ${what} for ${operation.id} cannot be used: ${z.prettifyError(parsed.error)}`,
  );
}
