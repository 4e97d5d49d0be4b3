import { z } from 'zod';
import { name, token } from './environment-schema.ts';
import { url } from './url-field.ts';

const shared = {
  reads: z
    .array(z.string().min(1))
    .optional()
    .describe(
      'Tools of it that only read. Every other one counts as running code, whatever the server says.',
    ),
};

/** A server that speaks MCP over HTTP, reached through the broker. */
export const mcpHttpSchema = z.strictObject({
  url: url('http', 'https').describe('Its address (streamable HTTP).'),
  token: token.optional(),
  environment: name.describe('The environment that it belongs to.'),
  ...shared,
});

const mcpStdioSchema = z.strictObject({
  command: z
    .array(z.string().min(1))
    .min(1)
    .describe('A program and its arguments. It runs inside the step, without network.'),
  folder: z
    .string()
    .min(1)
    .optional()
    .describe('Folder with its code, relative to this file: the folder that it is started in.'),
  env: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/), z.string())
    .optional()
    .describe('Variables that it is given. No secrets: none enters a sandbox.'),
  environment: name
    .optional()
    .describe('The environment that it belongs to (default: counts as production).'),
  ...shared,
});

export const mcpSchema = z
  .union([mcpHttpSchema, mcpStdioSchema])
  .describe('A server of the Model Context Protocol, whose tools become operations.');
