import { z } from 'zod';
import type { ConnectionKind } from '../domain/environment.ts';

/** Secrets are kept for tools and for kinds of connections by name, so no tool has a kind's name. */
export const kinds = {
  kubernetes: true,
  docker: true,
  http: true,
  github: true,
  prometheus: true,
  alertmanager: true,
  folder: true,
  terraform: true,
  api: true,
  mcp: true,
} as const satisfies Record<ConnectionKind, true>;

const effect = z.enum(['read', 'create', 'update', 'delete', 'run-code']);
const method = z.custom<unknown>((value) => typeof value === 'function', 'expected a function');
const schema = z.custom<z.ZodType>(
  (value) => typeof value === 'object' && value !== null && '_zod' in value && 'safeParse' in value,
  'expected a schema of zod 4',
);
const texts = z.array(z.string());

const undo = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('irreversible'), reason: z.string().min(1) }),
  z.strictObject({
    kind: z.literal('reversible'),
    unless: method.optional(),
    capture: method,
    previewRestore: method,
    restore: method,
    verifyRestored: method,
  }),
]);

const operationShape = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, 'expected tool.verb in small letters'),
  version: z.int().min(1),
  summary: z.string().min(1).max(300),
  ...{ request: schema, input: schema, output: schema },
  effect,
  repeat: z.enum(['safe', 'safe-with-key', 'verify-first']),
  previews: z.enum(['dry-run', 'computed', 'described', 'deferred', 'none']),
  examples: z.array(z.strictObject({ request: z.string(), params: z.record(z.string(), z.json()) })),
  connections: z.array(
    z
      .string()
      .refine((kind) => Object.hasOwn(kinds, kind), `expected one of ${Object.keys(kinds).join(', ')}`),
  ),
  sensitive: z.boolean().optional(),
  reports: z.boolean().optional(),
  outbound: texts.optional(),
  lateBindable: texts.optional(),
  secrets: texts.optional(),
  runs: z
    .literal('sandbox', "expected 'sandbox': only Reign's own operations run in the worker itself")
    .optional(),
  ...{ resolve: method, assess: method, describe: method, preview: method, egress: method },
  ...{ execute: method, landed: method, verify: method, render: method },
  undo,
  stop: z.strictObject({ signal: z.enum(['SIGINT', 'SIGTERM']), graceSeconds: z.number().min(0).max(600) }),
  limits: z.strictObject({
    seconds: z.number().min(1).max(7200),
    memoryMb: z.number().min(32).max(8192),
    lookSeconds: z.number().min(1).max(300).optional(),
  }),
});

/** What a plugin must export as `tool`. What only running it can show is for the conformance suite. */
export const toolShape = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,30}$/, 'expected a word in small letters'),
  summary: z.string().min(1),
  operations: z.array(operationShape).min(1, 'expected at least one operation'),
});

/** What `assess` must return, and `describe`, and `egress`. */
export const assessmentShape = z.strictObject({
  effect,
  targets: texts,
  environment: z.string().optional(),
  place: z.string().optional(),
  objects: z.int().min(0),
  reasons: texts,
});

export const describedShape = z.strictObject({
  title: z.string().min(1).max(300),
  byHand: z.string().optional(),
});

export const egressShape = z.array(
  z.strictObject({
    connection: z.string().min(1),
    method: z.string().regex(/^[A-Z]+$/),
    path: z.union([z.string().startsWith('/'), z.instanceof(RegExp)]),
  }),
);

export const renderedShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: z.string() }),
  z.strictObject({
    kind: z.literal('table'),
    columns: texts,
    rows: z.array(texts),
    note: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('lines'), lines: texts, note: z.string().optional() }),
]);
