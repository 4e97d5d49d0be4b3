import { z } from 'zod';

const word = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and "-"');
const pointer = z.string().regex(/^(\/.*)?$/s, 'expected a JSON pointer, as in /healthy');
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const tests = z
  .object({
    equals: scalar.optional(),
    not: scalar.optional(),
    in: z.array(scalar).min(1).optional(),
    above: z.number().optional(),
    below: z.number().optional(),
    contains: z.string().optional(),
  })
  .strict();
const oneTest = (value: object) =>
  ['equals', 'not', 'in', 'above', 'below', 'contains'].filter((test) => test in value).length === 1;
const oneOnly = 'expected exactly one of equals, not, in, above, below, contains';

const when = tests.extend({ from: word, at: pointer.default('') }).refine(oneTest, oneOnly);
const where = tests.extend({ at: pointer.default('') }).refine(oneTest, oneOnly);

const step = z.strictObject({
  key: word,
  operation: z.string().regex(/^[a-z]+\.[a-z_]+$/, 'expected an operation, as in kubernetes.scale'),
  request: z.record(z.string(), z.json()).default({}),
  needs: z.array(word).default([]),
  ifGiven: z.string().optional().describe('A parameter without which the step is left out.'),
  inOrder: z.boolean().optional().describe('Each step of a loop over a parameter waits for the one before.'),
  when: when.optional().describe('Leaves the step out where what an earlier read found does not pass.'),
  forEach: z
    .union([
      z.string().regex(/^\{\{\s*[\w-]+\s*\}\}$/, 'expected a parameter that is a list, as in {{names}}'),
      z.strictObject({ from: word, at: pointer.default(''), where: where.optional() }),
    ])
    .optional()
    .describe('Makes the step stand once for each item, which is {{item}}.'),
});

const parameter = z.strictObject({
  type: z.enum(['string', 'integer', 'number', 'boolean', 'list']).default('string'),
  description: z.string().min(1),
  optional: z.boolean().default(false),
  default: z.json().optional(),
  choices: z.array(scalar).min(1).optional(),
});

/** A runbook as its file says it. */
export const runbookSchema = z.strictObject({
  name: word,
  summary: z.string().min(1).max(300),
  examples: z.array(z.string().min(1)).default([]).describe('How people ask for it.'),
  parameters: z.record(z.string().regex(/^[A-Za-z_][\w-]*$/, 'expected a name'), parameter).default({}),
  steps: z.array(step).min(1, 'give at least one step').max(50),
  onFailure: z.enum(['roll-back', 'stop', 'continue']).optional(),
});

export type RawRunbook = z.output<typeof runbookSchema>;
