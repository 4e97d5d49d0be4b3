import { z } from 'zod';
import { createRandom } from '../domain/random.ts';

/** What zod writes of a JSON Schema, as far as values are made up from it. */
export type Schema = {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  format?: string;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  items?: Schema;
  minItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
};

type Random = () => number;

/**
 * Makes up valid inputs from a schema, always the same ones: at most `count`, fewer (or none) where what the schema
 * wants cannot be guessed.
 */
export function sampleInputs(input: z.ZodType, count: number): unknown[] {
  const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as Schema;
  const random = createRandom(7);
  const found: unknown[] = [];
  for (let tries = 0; tries < count * 20 && found.length < count; tries += 1) {
    const parsed = input.safeParse(madeUp(schema, random));
    if (parsed.success) found.push(parsed.data);
  }
  return found;
}

function madeUp(schema: Schema, random: Random): unknown {
  const pick = <Value>(values: readonly Value[]): Value =>
    values[Math.floor(random() * values.length)] as Value;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return pick(schema.enum);
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return madeUp(pick(either), random);
  switch (Array.isArray(schema.type) ? pick(schema.type) : schema.type) {
    case 'string':
      return textOf(schema, pick, random);
    case 'integer':
      return Math.round(numberOf(schema, random));
    case 'number':
      return numberOf(schema, random);
    case 'boolean':
      return random() < 0.5;
    case 'null':
      return null;
    case 'array': {
      const least = schema.minItems ?? 0;
      const length = least + Math.floor(random() * 3);
      return Array.from({ length }, () => madeUp(schema.items ?? {}, random));
    }
    case 'object':
      return objectOf(schema, random);
    default:
      return pick([null, 0, 1, 'x', '', true, [], { a: 1 }]);
  }
}

function objectOf({ properties = {}, required = [] }: Schema, random: Random): unknown {
  const chosen = Object.entries(properties).filter(([key]) => required.includes(key) || random() < 0.5);
  return Object.fromEntries(chosen.map(([key, value]) => [key, madeUp(value, random)]));
}

function numberOf({ minimum, exclusiveMinimum, maximum }: Schema, random: Random): number {
  const least = bound(minimum ?? exclusiveMinimum, -1000);
  const most = bound(maximum, 1000);
  const edges = [least, most, 0, 1];
  if (random() < 0.3) return edges[Math.floor(random() * edges.length)] ?? 0;
  return least + random() * (most - least);
}

/** zod writes the limits of safe integers where nobody set any. */
function bound(limit: number | undefined, fallback: number): number {
  return limit === undefined || Math.abs(limit) > 1e9 ? fallback : limit;
}

/** Kinds of text that patterns usually ask for. */
const usual = [
  ...[
    'a',
    'web',
    'staging',
    'a-b',
    'a_b',
    'a.b',
    'A',
    'A1',
    '1',
    '7',
    '2026-01-31',
    '1.2.3',
    '12h',
    'a/b',
    'x:y',
  ],
  ...[
    'vault:NAME',
    'kubernetes:staging/main',
    'api:staging/main',
    'docker:staging/main',
    'owner/name',
    'main',
  ],
  ...['0123456789abcdef', 'OPS-17', 'sha256:0123456789abcdef', 'https://a.example/x', 'a@b.example', '/a/b'],
  ...['f'.repeat(40), 'f'.repeat(64), '.github/workflows/ci.yml', 'ci.yml', 'refs/heads/main', 'v1.2.3'],
  ...['reign/scale-1', 'read', '-rf /', '../..', "'; --", 'ä ö', ' ', 'x'.repeat(40)],
];

function textOf(schema: Schema, pick: <V>(values: readonly V[]) => V, random: Random): string {
  if (schema.format === 'uri') return pick(['https://a.example/', 'http://b.example:8080/x?y=1']);
  const patterns = [schema.pattern, ...(schema.allOf ?? []).map((one) => one.pattern)].filter(
    (pattern) => pattern !== undefined,
  );
  const length = schema.minLength ?? 0;
  const fits = (text: string) =>
    text.length >= length &&
    text.length <= (schema.maxLength ?? Number.POSITIVE_INFINITY) &&
    patterns.every((pattern) => new RegExp(pattern, 'u').test(text));
  const candidates = [...usual, 'a'.repeat(length), '0'.repeat(length), 'f'.repeat(length)].filter(fits);
  if (candidates.length > 0 && random() < 0.9) return pick(candidates);
  return 'x'.repeat(Math.max(length, Math.floor(random() * 20)));
}
