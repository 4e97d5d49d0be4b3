import { z } from 'zod';
import type { Runbook } from '../../domain/runbook.ts';
import type { ToolSpec } from './model.ts';

const text = z.string().trim().min(1).max(12_000);
const key = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'expected lower-case letters, digits and "-"');

/** The ways in which an investigation ends. */
export const endings = {
  answer: z.strictObject({ text: text.describe('The answer, with its evidence.') }),
  ask: z.strictObject({
    question: text.describe('One short question to the person.'),
    options: z.array(z.string().trim().min(1).max(200)).max(8).default([]).describe('The likely answers.'),
  }),
  propose_plan: z.strictObject({
    goal: z.string().trim().min(1).max(300).describe('What the plan achieves, in a few words.'),
    steps: z
      .array(
        z.strictObject({
          key: key.describe('Names the step within the plan.'),
          operation: z.string().describe('As in kubernetes.scale.'),
          request: z.record(z.string(), z.json()).describe('The parameters of the operation.'),
          needs: z.array(key).default([]).describe('Steps that must have succeeded before.'),
        }),
      )
      .min(1)
      .max(30),
    on_failure: z.enum(['roll-back', 'stop', 'continue']).optional(),
  }),
  run_runbook: z.strictObject({
    name: z.string().describe('The runbook.'),
    parameters: z.record(z.string(), z.json()).default({}),
  }),
} as const;

export type EndingName = keyof typeof endings;

export function isEnding(name: string): name is EndingName {
  return Object.hasOwn(endings, name);
}

/** The endings as tools. `writes` are the operations whose requests the plan's schema spells out. */
export function endingTools(
  writes: readonly { id: string; summary: string; schema: { [key: string]: unknown } }[],
  runbooks: readonly Runbook[],
): ToolSpec[] {
  const written: ToolSpec[] = runbooks.length === 0 ? [] : [runbookTool(runbooks)];
  return [
    ...written,
    {
      name: 'answer',
      description: 'Ends with an answer to the person.',
      schema: schemaOf(endings.answer),
    },
    { name: 'ask', description: 'Ends with a question to the person.', schema: schemaOf(endings.ask) },
    {
      name: 'propose_plan',
      description: [
        'Ends with a plan of operations, to be checked, previewed and approved. Operations, each with the schema of its request:',
        ...writes.map(({ id, summary, schema }) => `- ${id}: ${summary}. ${JSON.stringify(schema)}`),
        'Read operations may be steps, too; `find_operations` shows others.',
      ].join('\n'),
      schema: schemaOf(endings.propose_plan),
    },
  ];
}

function runbookTool(runbooks: readonly Runbook[]): ToolSpec {
  const each = runbooks.map(({ name, summary, parameters }) => {
    const wants = parameters.map((parameter) => {
      const needed = parameter.optional || parameter.default !== undefined ? '' : ', needed';
      return `${parameter.name} (${parameter.type}${needed}): ${parameter.description}`;
    });
    return `- ${name}: ${summary} ${wants.join('; ')}`;
  });
  const description = [
    'Ends with a plan that somebody wrote down before. Prefer it where one fits:',
    ...each,
  ].join('\n');
  return { name: 'run_runbook', description, schema: schemaOf(endings.run_runbook) };
}

export function schemaOf(schema: z.ZodType): { [key: string]: unknown } {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
