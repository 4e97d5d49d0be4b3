import { z } from 'zod';
import type { McpTool } from '../domain/extensions.ts';
import type { Json } from '../domain/json.ts';

export type Arguments = { [field: string]: Json };

/** What a tool takes, as schemas: `complete` is the server's own, `partial` has every field optional. */
export function schemasOf({ inputSchema }: McpTool): {
  complete: z.ZodType<Arguments>;
  partial: z.ZodType<Arguments>;
  required: readonly string[];
} {
  // Fields that the server does not name are refused: nobody could have been asked for them.
  const closed = { ...inputSchema, type: 'object', additionalProperties: false };
  const { required: _, ...open } = closed as { required?: Json } & typeof closed;
  const required = Array.isArray(inputSchema['required']) ? inputSchema['required'] : [];
  return {
    complete: fromJson(closed),
    partial: fromJson(open),
    required: required.filter((field) => typeof field === 'string'),
  };
}

/** @throws Error for a schema that cannot be understood: its tool is left out. */
function fromJson(schema: Json): z.ZodType<Arguments> {
  return z.fromJSONSchema(schema as never) as unknown as z.ZodType<Arguments>;
}

/** What may be chosen for a field, where its schema lists it. */
export function choicesOf({ inputSchema }: McpTool, field: string): Json[] {
  const properties = inputSchema['properties'] as { [name: string]: { enum?: Json[] } } | undefined;
  return properties?.[field]?.enum ?? [];
}
