import { z } from 'zod';

const parameter = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.union([z.string(), z.number()])).max(50),
]);

const ruleSchema = z
  .strictObject({
    match: z
      .record(z.string().regex(/^[A-Za-z_]\w*$/, 'expected the name of a label'), z.string().min(1))
      .refine((match) => Object.keys(match).length > 0, 'name at least one label, as in alertname')
      .describe('Labels (alertname is one) and their values, in which * stands for anything.'),
    as: z
      .string()
      .min(1)
      .describe('The person in whose name it is done, within whose rights; somebody else approves.'),
    investigate: z
      .literal(true)
      .optional()
      .describe('Ask the language model what is wrong, where one is configured.'),
    runbook: z.string().min(1).optional().describe('The runbook to start.'),
    parameters: z
      .record(z.string(), parameter)
      .optional()
      .describe('Parameters of the runbook; "{{labels.NAME}}" is the value of a label.'),
  })
  .refine(
    ({ investigate, runbook }) => (investigate === undefined) !== (runbook === undefined),
    'give either investigate or runbook',
  )
  .refine(({ runbook, parameters }) => runbook !== undefined || parameters === undefined, {
    message: 'parameters belong to a runbook',
  });

/** What is done about alerts that fit; the first rule that fits counts. */
export const alertRulesSchema = z
  .array(ruleSchema)
  .describe('What is started for alerts, in their thread; the first rule that fits an alert counts.');

export type RawAlertRules = z.output<typeof alertRulesSchema>;
