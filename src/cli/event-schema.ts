import { z } from 'zod';

// What `--json` prints: one object a line. Fields may be added, and readers ignore those that they do not know; none is
// taken away or changed. `docs/events.schema.json` is made from this, and every event in the tests is held against it.

const text = z.string();
const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly();
const planState = text.describe(
  'drafted, previewed, waiting-for-approval, waiting-for-lock, running, succeeded, …',
);

const step = z.looseObject({
  key: text,
  operation: text,
  title: text,
  state: text,
  targets: list(text),
  tier: z.enum(['production', 'nonproduction']),
  effect: z.enum(['read', 'create', 'update', 'delete', 'run-code']),
  risk: z.enum(['none', 'low', 'medium', 'high', 'critical']),
  undo: z.enum(['reversible', 'irreversible']),
  needs: list(text),
});

const approval = z.union([
  z.looseObject({ kind: z.literal('none'), reason: text }),
  z.looseObject({
    kind: z.literal('ask'),
    reason: text,
    quorum: z.number(),
    roles: list(text),
    notAuthor: z.boolean(),
    expiresAfterSeconds: z.number(),
  }),
]);

const event = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.looseObject({ type: z.literal(type), ...shape });

/** Every event by its type. */
export const eventSchema = z.discriminatedUnion('type', [
  event('message', { id: text, conversation: text }),
  event('answer', { content: z.looseObject({ kind: z.enum(['text', 'table', 'lines']) }) }),
  event('question', {
    id: text,
    text,
    options: list(z.looseObject({ label: text, patch: z.record(text, z.unknown()) })),
  }),
  event('plan', {
    id: text,
    revision: z.number(),
    digest: text,
    state: planState,
    goal: text,
    steps: list(step),
    approval,
  }),
  event('approval', {
    plan: text,
    revision: z.number(),
    person: text.optional(),
    verdict: text.optional(),
    accepted: z.boolean().optional(),
    reason: text.optional(),
  }),
  event('step', { plan: text, key: text, operation: text, title: text, state: text }),
  event('final', { state: text, plan: text.optional(), text: text.optional() }),
  event('cancelled', { plan: text, state: planState }),
  event('review', { plan: text, verdict: z.enum(['approve', 'reject']), state: text }),
  event('freeze', { scope: text, reason: text }),
  event('unfreeze', { scope: text }),
  event('audit', { chain: text, seq: z.number(), at: text, event: text, actor: text }),
  event('audit-verify', { ok: z.boolean() }),
  event('backup', { folder: text, rows: z.number() }),
  event('restore', { folder: text, rows: z.number() }),
  event('credential', {
    name: text,
    environment: text,
    tool: text,
    version: z.number(),
    refersTo: text.nullable(),
  }),
  event('credential-removed', { name: text }),
  event('credential-rotated', { masterKey: text, rewrapped: z.number(), left: z.number() }),
  event('link', { url: text }),
  event('operation', {
    id: text,
    version: z.number(),
    effect: text,
    repeat: text,
    preview: text,
    undo: text,
  }),
  event('policy', {}),
  event('policy-problem', { message: text, severity: text }),
  event('policy-check', { ok: z.boolean(), problems: z.number() }),
  event('check', { name: text, ok: z.boolean(), says: text }),
  event('runbook', { name: text, summary: text, file: text, parameters: z.array(z.unknown()).readonly() }),
  event('problem', { file: text, line: z.number(), message: text }),
  event('eval', {
    cases: z.number(),
    intent_accuracy: z.number(),
    params_accuracy: z.number(),
    p50_ms: z.number(),
    p95_ms: z.number(),
  }),
  event('eval-case', {
    case: z.number(),
    text,
    passed: z.number(),
    of: z.number(),
    problems: z.array(text),
  }),
  event('eval-llm', { cases: z.number(), pass_1: z.number(), pass_all: z.number(), times: z.number() }),
  event('error', { code: text, message: text, retry: z.enum(['never', 'later', 'after-fix']) }),
]);

export type CliEvent = z.input<typeof eventSchema>;

/** JSON Schema of one line. */
export function eventJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(eventSchema, { io: 'input' });
  return { $schema, title: 'One line of reign … --json', ...rest };
}
