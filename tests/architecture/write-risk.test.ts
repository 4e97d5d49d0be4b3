import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inputProblems } from '../../src/tools/conformance.ts';
import { tools } from '../../src/tools/registry.ts';
import type { Schema } from '../../src/tools/sample-inputs.ts';

// DESIGN §1: code grades risk from typed input. Whatever valid input a write is given, it stays a write.

const operations = tools.flatMap((tool) => tool.operations);

describe.each(operations.map((operation) => [operation.id, operation] as const))('%s', (_, operation) => {
  const inputs = arbitraryOf(z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' }))
    .map((input) => operation.input.safeParse(input))
    .filter(({ success }) => success)
    .map(({ data }) => data);

  it(`is never assessed as anything but what it is (${operation.effect})`, () => {
    fc.assert(
      fc.property(inputs, (input) => {
        expect(inputProblems(operation, input)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

/** Values of a JSON Schema as zod writes it; what the schema cannot say is left to the filter above. */
function arbitraryOf(raw: unknown): fc.Arbitrary<unknown> {
  const schema = raw as Schema;
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return fc.oneof(...either.map(arbitraryOf));
  switch (schema.type) {
    case 'string': {
      if (schema.format === 'uri') return fc.webUrl();
      const pattern = schema.pattern ?? schema.allOf?.find((one) => one.pattern)?.pattern;
      if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern), { size: '-1' });
      return fc.string({ minLength: schema.minLength ?? 0, maxLength: Math.min(schema.maxLength ?? 20, 20) });
    }
    case 'integer':
      return fc.integer({
        min: bound(schema.minimum ?? schema.exclusiveMinimum, -1000),
        max: bound(schema.maximum, 1000),
      });
    case 'number':
      return fc.double({ min: bound(schema.minimum, -1000), max: bound(schema.maximum, 1000), noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: 3 });
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([key, value]) => [key, arbitraryOf(value)]),
        ),
        { requiredKeys: schema.required ?? [] },
      );
    default:
      return fc.jsonValue();
  }
}

/** zod writes the limits of safe integers where nobody set any. */
function bound(limit: number | undefined, fallback: number): number {
  return limit === undefined || Math.abs(limit) > 1e9 ? fallback : limit;
}
