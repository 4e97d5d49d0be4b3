import { z } from 'zod';
import { durationPattern, durationSeconds } from './duration.ts';
import { url } from './url-field.ts';

/** What people, environments, clusters and engines are called. */
export const word = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
export const wordMessage = 'expected letters, digits, ".", "_" or "-", beginning with a letter or digit';
export const name = z.string().regex(word, wordMessage);
// Keys are checked with the references, so that a wrong one does not hide what is wrong below it.
export const key = z.string().meta({ pattern: word.source });

/** Groups of the system itself would be more than anybody's own rights. */
export const kubernetesUser = z
  .string()
  .regex(/^(?!system:)[\w.@:/+-]{1,253}$/, 'expected a name like alice@example.com, none of system:…');

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
    impersonate: z
      .union([z.boolean(), z.strictObject({ groups: z.array(kubernetesUser).optional() })])
      .optional()
      .describe(
        'Act there as the person who asks (their kubernetes name below people), with these groups: their own rights hold.',
      ),
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
    mounts: z
      .array(
        z
          .string()
          .regex(
            /^\/[^:,\s]*(:ro)?$/,
            'expected the full path of a folder, as in /srv/uploads or /srv/uploads:ro',
          )
          .refine(
            (mount) => !givesHostAway(mount),
            'a container with this folder could take over the machine: name one below it',
          ),
      )
      .optional()
      .describe(
        "Folders of the engine's machine that containers may mount, exactly these; with :ro only to read.",
      ),
  })
  .describe('A Docker engine.');

/** Folders by which a container gets hold of its machine: as such, with all that is in them, or by writing there. */
function givesHostAway(mount: string): boolean {
  const path = mount.replace(/:ro$/, '');
  const whole = ['/home', '/opt', '/var', '/var/lib', '/var/spool'];
  const below = ['/proc', '/sys', '/dev', '/run', '/var/run', '/root', '/boot', '/var/spool/cron'];
  const engines = ['/var/lib/docker', '/var/lib/containerd', '/var/lib/kubelet'];
  const written = ['/bin', '/etc', '/lib', '/sbin', '/usr'];
  const isIn = (folder: string) => path === folder || path.startsWith(`${folder}/`);
  const plain = !/\/(\.{0,2})(\/|$)/.test(path);
  if (!plain || whole.includes(path) || written.includes(path)) return true;
  return [...below, ...engines, ...(path === mount ? written : [])].some(isIn);
}

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

const role = z
  .string()
  .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/, 'expected arn:aws:iam::ACCOUNT:role/NAME');
const uuid = z
  .string()
  .regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 'expected an id (UUID)');

const awsSchema = z
  .strictObject({
    role: role.describe('The role that an apply gets.'),
    planRole: role
      .optional()
      .describe('The role that a plan gets (default: the same one, narrowed to reading).'),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected a region, as in eu-central-1'),
    externalId: z.string().min(2).optional().describe('What the trust policy of the role asks for.'),
    keys: z
      .strictObject({ id: z.string().min(16).describe('The access key id.'), secret: token })
      .optional()
      .describe("An access key that may take the roles on (default: the worker's own identity)."),
    webIdentity: token.optional().describe('Where the token is for AssumeRoleWithWebIdentity.'),
  })
  .refine(({ keys, webIdentity }) => keys === undefined || webIdentity === undefined, {
    message: 'give keys or webIdentity, not both',
  });

const serviceAccount = z.email('expected NAME@PROJECT.iam.gserviceaccount.com');
const googleSchema = z.strictObject({
  serviceAccount: serviceAccount.describe('The service account that an apply acts as.'),
  planServiceAccount: serviceAccount
    .optional()
    .describe('The one that a plan acts as (default: the same one, with a scope that only reads).'),
  project: z.string().min(1).optional(),
});

const azureSchema = z.strictObject({
  tenant: uuid,
  subscription: uuid,
  client: uuid.describe('Client id of the application that an apply acts as.'),
  planClient: uuid.describe('And of the one that a plan acts as: it should only read.'),
});

export const cloudSchema = z
  .strictObject({
    aws: awsSchema.optional(),
    google: googleSchema.optional(),
    azure: azureSchema.optional(),
  })
  .describe('Whose rights its steps get in clouds, for about an hour.');

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
    hosts: z
      .array(
        z
          .string()
          .regex(/^(\*\.)?[A-Za-z0-9][A-Za-z0-9.-]*(:\d{1,5})?$/, 'expected host, host:port or *.domain'),
      )
      .min(1, 'list at least one host, or leave this out')
      .optional()
      .describe('What its steps may reach by TLS: host (port 443), host:port, or *.domain; nothing else.'),
    cloud: cloudSchema.optional(),
  })
  .refine(({ state, hosts, cloud }) => hosts !== undefined || (state !== 'backend' && cloud === undefined), {
    message: 'list the hosts that it may reach (hosts): without them its steps have no network',
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

export const gitopsSchema = z
  .strictObject({
    repository: z
      .string()
      .regex(/^[\w.-]+\/[\w.-]+$/, 'expected owner/name')
      .describe('owner/name, one that github of the environment holds.'),
    branch: z.string().min(1).optional().describe('The branch that is delivered (default: main).'),
    path: z
      .string()
      .regex(/^[\w.@+-]+(\/[\w.@+-]+)*$/, 'expected a folder like clusters/production')
      .optional()
      .describe('The folder that is delivered (default: the whole repository).'),
    wait: z
      .string()
      .regex(durationPattern, 'expected a duration like 30m')
      .refine((text) => !durationPattern.test(text) || durationSeconds(text) <= 3600, 'expected 1h at most')
      .optional()
      .describe('How long a plan waits for the merge, and then for the delivery (default: 30m, at most 1h).'),
  })
  .describe(
    'The files that Argo CD, Flux or the like keep the clusters equal to, with writes: pull-request.',
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
      .union(
        [z.boolean(), z.enum(['refuse', 'pull-request'])],
        'expected true, refuse (or false) or pull-request',
      )
      .optional()
      .describe(
        'refuse (or false) refuses every write there; pull-request proposes changes of its clusters as pull requests (default: true).',
      ),
    gitops: gitopsSchema.optional(),
  })
  .describe('A place that things run in.');
