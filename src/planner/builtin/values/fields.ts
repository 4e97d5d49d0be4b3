import { z } from 'zod';

/** What a request's field holds, as its schema says it. */
export type FieldType = { kind: 'string' | 'number' | 'boolean'; choices?: readonly string[] };

/** The fields of an object schema by name; fields of other types are read as strings. */
export function fieldsOf(request: z.ZodType): ReadonlyMap<string, FieldType> {
  const schema = z.toJSONSchema(request, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const fields = new Map<string, FieldType>();
  for (const [name, field] of Object.entries(schema.properties ?? {})) fields.set(name, typeOf(field));
  return fields;
}

type JsonSchema = {
  type?: string | string[];
  properties?: { [field: string]: JsonSchema };
  enum?: unknown[];
  anyOf?: JsonSchema[];
};

function typeOf(schema: JsonSchema): FieldType {
  const choices = schema.enum?.filter((choice): choice is string => typeof choice === 'string');
  if (choices !== undefined && choices.length > 0) return { kind: 'string', choices };
  const types = [schema, ...(schema.anyOf ?? [])].flatMap(({ type }) => type ?? []);
  if (types.includes('string')) return { kind: 'string' };
  if (types.includes('integer') || types.includes('number')) return { kind: 'number' };
  if (types.includes('boolean')) return { kind: 'boolean' };
  return { kind: 'string' };
}
