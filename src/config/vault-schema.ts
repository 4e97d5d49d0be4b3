import { z } from 'zod';
import { own } from './environment-schema.ts';
import { url } from './url-field.ts';

const serverSchema = z
  .strictObject({
    url: url('http', 'https').optional().describe('Its address (default: https:// and its name).'),
    namespace: z.string().min(1).optional().describe('Namespace, where it has them.'),
    ca: z.string().min(1).optional().describe('PEM file of its authority, relative to this file.'),
    token: own.optional(),
    appRole: z
      .strictObject({
        id: z.string().min(1).describe('The role id.'),
        secret: own,
        mount: z.string().min(1).optional().describe('Where the method is mounted (default: approle).'),
      })
      .optional()
      .describe('Sign in with an AppRole instead of a token.'),
  })
  .refine(({ token, appRole }) => (token === undefined) !== (appRole === undefined), 'give token or appRole')
  .describe('A HashiCorp Vault.');

/** Where secrets lie that are not kept by Reign. */
export const vaultSchema = z
  .strictObject({
    servers: z
      .record(z.string().regex(/^[A-Za-z0-9.-]+(:\d{1,5})?$/, 'expected host or host:port'), serverSchema)
      .optional()
      .describe('HashiCorp Vaults by host, as references name them (default: the one of VAULT_ADDR).'),
    files: z
      .array(z.string().min(1))
      .optional()
      .describe('Folders whose files references may name, relative to this file.'),
  })
  .describe('Secrets that lie elsewhere.');
