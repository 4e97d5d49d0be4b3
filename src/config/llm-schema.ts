import { z } from 'zod';
import { url } from './url-field.ts';

const dollars = z.number().positive();

/** What reign.yaml may say of the language model. */
export const llmSchema = z
  .strictObject({
    provider: z
      .enum(['anthropic', 'bedrock', 'vertex', 'openai', 'none'])
      .optional()
      .describe(
        'anthropic (the default where ANTHROPIC_API_KEY is set), bedrock, vertex, openai for any server that speaks its chat completions, or none.',
      ),
    model: z.string().min(1).optional().describe('Name of the model (default: claude-sonnet-5-5).'),
    baseUrl: url('http', 'https').optional().describe('Another address of the provider’s API.'),
    effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).optional().describe('How hard it thinks.'),
    maxTokens: z.int().min(256).max(128_000).optional().describe('Tokens of one reply (default: 8000).'),
    price: z
      .strictObject({ input: z.number().min(0), output: z.number().min(0) })
      .optional()
      .describe('US dollars for a million tokens, where a contract says otherwise than the list.'),
    budget: z
      .strictObject({
        looks: z.int().min(1).max(200).optional().describe('Reads (default: 24).'),
        tokens: z.int().min(1000).optional().describe('Tokens in and out (default: 300000).'),
        seconds: z.int().min(5).max(3600).optional().describe('Seconds (default: 180).'),
        usd: dollars.optional().describe('US dollars (default: 1).'),
      })
      .optional()
      .describe('What one request may use up.'),
    daily: z
      .strictObject({
        person: dollars.optional().describe('US dollars for one person (default: 10).'),
        all: dollars.optional().describe('US dollars for everybody (default: 100).'),
      })
      .optional()
      .describe('What may be used up in a day, by UTC.'),
    hosts: z
      .array(z.string().regex(/^[^\s/:]+$/, 'expected a host'))
      .optional()
      .describe('Hosts that the model’s reads may reach without a person having named them.'),
  })
  .describe('The model behind the planner for what the built-in one cannot do.');
