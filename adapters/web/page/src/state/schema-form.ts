import type { Json } from '../../../../../src/domain/json.ts';
import type { JsonSchema } from '../api.ts';

export type FormKind = 'text' | 'number' | 'boolean' | 'choice' | 'list' | 'json';

/** One field of a form: what it is called, how it is filled in, and what it may be. */
export type FormField = {
  name: string;
  kind: FormKind;
  hint: string;
  needed: boolean;
  choices: readonly Json[];
  /** Whether a number may stand where text may. */
  numbers: boolean;
};

/** The fields of an object's schema, the needed ones first. */
export function fieldsOf({ properties = {}, required = [] }: JsonSchema): FormField[] {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const shapes = schema.anyOf ?? [schema];
    const choices = shapes.flatMap((shape) => shape.enum ?? (shape.const === undefined ? [] : [shape.const]));
    return {
      name,
      kind: kindOf(shapes, choices),
      hint: schema.description ?? shapes.find(({ description }) => description)?.description ?? '',
      needed: required.includes(name),
      choices,
      numbers: shapes.some((shape) => isNumber(shape)),
    };
  });
  return fields.sort((a, b) => Number(b.needed) - Number(a.needed));
}

function kindOf(shapes: readonly JsonSchema[], choices: readonly Json[]): FormKind {
  if (choices.length > 0 && shapes.every((shape) => shape.enum ?? shape.const !== undefined)) return 'choice';
  if (shapes.every(isNumber)) return 'number';
  if (shapes.every(({ type }) => type === 'boolean')) return 'boolean';
  if (shapes.some(({ type }) => type === 'string')) return 'text';
  const [only] = shapes;
  return shapes.length === 1 && only?.type === 'array' && only.items?.type === 'string' ? 'list' : 'json';
}

function isNumber({ type }: JsonSchema): boolean {
  return type === 'number' || type === 'integer';
}

export type Read = { values: { [name: string]: Json }; problems: { [name: string]: string } };

/** What was typed as the values that a request wants; an empty field is left out. */
export function readForm(fields: readonly FormField[], typed: Readonly<Record<string, string>>): Read {
  const read: Read = { values: {}, problems: {} };
  for (const field of fields) {
    const text = typed[field.name] ?? '';
    if (text.trim() === '') {
      if (field.needed) read.problems[field.name] = 'This is needed.';
      continue;
    }
    try {
      read.values[field.name] = typedValue(field, text);
    } catch (error) {
      read.problems[field.name] = (error as Error).message;
    }
  }
  return read;
}

function typedValue({ kind, choices, numbers }: FormField, text: string): Json {
  switch (kind) {
    case 'text':
      return numbers && /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
    case 'number': {
      const value = Number(text);
      if (!Number.isFinite(value)) throw new Error(`"${text}" is no number.`);
      return value;
    }
    case 'boolean':
      return text === 'true';
    case 'choice':
      return choices.find((choice) => String(choice) === text) ?? text;
    case 'list':
      return text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean);
    case 'json':
      try {
        return JSON.parse(text) as Json;
      } catch {
        throw new Error('This is no JSON.');
      }
    default:
      return kind satisfies never;
  }
}

/** A value as it would be typed. */
export function asTyped(value: Json): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join('\n');
  return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : String(value);
}
