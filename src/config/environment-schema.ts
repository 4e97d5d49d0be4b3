import { z } from 'zod';
import { url } from './url-field.ts';

/** What people, environments, clusters and engines are called. */
export const word = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
export const wordMessage = 'expected letters, digits, ".", "_" or "-", beginning with a letter or digit';
export const name = z.string().regex(word, wordMessage);
// Keys are checked with the references, so that a wrong one does not hide what is wrong below it.
export const key = z.string().meta({ pattern: word.source });

export const clusterSchema = z
  .strictObject({
    context: z.string().min(1).optional().describe('A context of the kubeconfig.'),
    kubeconfig: z
      .string()
      .min(1)
      .optional()
      .describe('Path of the kubeconfig, relative to this file (default: the usual one).'),
    demo: z.boolean().optional().describe('Use a demo cluster in memory.'),
    serviceAccount: z
      .string()
      .regex(/^[a-z0-9-]+\/[a-z0-9.-]+$/, 'expected NAMESPACE/NAME')
      .optional()
      .describe('NAMESPACE/NAME of a service account: steps use ten-minute tokens of it.'),
  })
  .describe('A Kubernetes cluster.');

export const dockerSchema = z
  .strictObject({
    socket: z.string().min(1).optional().describe('Path of the unix socket (default: /var/run/docker.sock).'),
    host: z
      .string()
      .regex(/^(tcp|https?):\/\/\S+$/, 'expected tcp://…, http://… or https://…')
      .optional()
      .describe('Address of the engine, instead of a socket.'),
  })
  .describe('A Docker engine.');

export const token = z
  .string()
  .regex(
    /^(env:[A-Za-z_]\w*|file:\S+|vault:[A-Za-z0-9][\w.-]*)$/,
    'expected env:NAME, file:PATH or vault:NAME',
  )
  .describe('Where the token is: env:NAME, file:PATH, or vault:NAME (see `reign credential set`).');

/** Where a secret is that Reign itself needs to reach others. */
export const own = z
  .string()
  .regex(/^(env:[A-Za-z_]\w*|file:\S+)$/, 'expected env:NAME or file:PATH')
  .describe('Where it is: env:NAME or file:PATH.');

export const githubSchema = z
  .strictObject({
    repositories: z
      .array(z.string().regex(/^[\w.-]+\/([\w.-]+|\*)$/, 'expected owner/name or owner/*'))
      .min(1, 'list at least one repository')
      .describe('What belongs to this environment: owner/name or owner/*.'),
    token: token.optional(),
    app: z
      .strictObject({
        id: z.union([z.string().min(1), z.int()]).describe('Id of the App, or its client id.'),
        installation: z.union([z.string().regex(/^\d+$/, 'expected a number'), z.int()]),
        key: token,
      })
      .optional()
      .describe('A GitHub App instead of a token: each step gets a token of an hour for its repository.'),
    url: url('http', 'https').optional().describe('Address of the API (default: https://api.github.com).'),
  })
  .refine(({ token, app }) => (token === undefined) !== (app === undefined), 'give token or app')
  .describe('Repositories on GitHub.');

export const serverSchema = z
  .strictObject({ url: url('http', 'https').describe('Its address.'), token: token.optional() })
  .describe('A server.');

export const terraformSchema = z
  .strictObject({
    path: z.string().min(1).describe('Folder of the configuration, relative to this file.'),
    workspace: name.optional().describe('Name of the workspace (default: default).'),
    state: z
      .enum(['reign', 'backend'])
      .optional()
      .describe(
        'Where the state is: kept encrypted by Reign (default), or in the backend that the files name.',
      ),
  })
  .describe('A Terraform workspace.');

const commands = z
  .array(z.string().regex(/^\S+( \S+)*$/, 'expected a command, as in rm or git push'))
  .min(1, 'list at least one command, or leave this out');

export const shellSchema = z
  .strictObject({
    allow: commands.optional().describe('Commands that scripts may use; all others are refused.'),
    deny: commands.optional().describe('Commands that scripts may not use.'),
  })
  .describe(
    'Commands of shell.run, each a name and words that follow it if any; * stands for anything. People approve all the same.',
  );

export const environmentSchema = z
  .strictObject({
    tier: z.enum(['production', 'nonproduction']).describe('How careful Reign is.'),
    aliases: z.array(name).optional().describe('What people also call it.'),
    clusters: z.record(key, clusterSchema).optional(),
    docker: z.record(key, dockerSchema).optional(),
    github: z.record(key, githubSchema).optional(),
    prometheus: z.record(key, serverSchema).optional(),
    alertmanager: z.record(key, serverSchema).optional(),
    apis: z.record(key, serverSchema).optional().describe('Any other HTTP APIs, for plugins.'),
    folders: z
      .record(key, z.string().min(1))
      .optional()
      .describe('Folders with charts, compose projects or images to build, relative to this file.'),
    terraform: z.record(key, terraformSchema).optional(),
    hosts: z
      .array(z.string().regex(/^[A-Za-z0-9.-]+(:\d{1,5})?$/, 'expected host or host:port'))
      .optional()
      .describe('Own hosts (host or host:port): load tests reach these alone.'),
    shell: shellSchema.optional(),
    writes: z
      .union([z.boolean(), z.literal('refuse')], 'expected true, or refuse (or false)')
      .optional()
      .describe('refuse (or false) refuses every write there (default: true).'),
  })
  .describe('A place that things run in.');
