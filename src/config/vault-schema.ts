import { z } from 'zod';
import { name, own } from './environment-schema.ts';
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

const masterKeySchema = z
  .union([
    z.strictObject({
      transit: z.strictObject({
        server: z.string().min(1).describe('A Vault, as named below servers.'),
        mount: z.string().min(1).optional().describe('Where the engine is mounted (default: transit).'),
        key: name.describe('The name of the key.'),
      }),
    }),
    z.strictObject({
      awsKms: z.strictObject({
        region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected a region, as in eu-central-1'),
        key: z.string().min(1).describe('Id, ARN or alias of the key.'),
      }),
    }),
  ])
  .describe('A key of a key management service.');

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
    masterKey: masterKeySchema
      .optional()
      .describe('What wraps the data keys (default: REIGN_MASTER_KEY, or a file in the data folder).'),
    formerMasterKeys: z
      .array(masterKeySchema)
      .optional()
      .describe('What did before, until `reign credential rotate` is done.'),
  })
  .describe('Secrets that lie elsewhere, and the master key of those that Reign keeps.');
