import { z } from 'zod';
import { alertRulesSchema } from './alert-schema.ts';
import { durationPattern, durationSeconds } from './duration.ts';
import { environmentSchema, key, kubernetesUser, name, shellSchema } from './environment-schema.ts';
import { llmSchema } from './llm-schema.ts';
import { mcpSchema } from './mcp-schema.ts';
import { redisSchema } from './redis-schema.ts';
import { sandboxSchema } from './sandbox-schema.ts';
import { telemetrySchema } from './telemetry-schema.ts';
import { url } from './url-field.ts';
import { vaultSchema } from './vault-schema.ts';

const roles = z
  .array(z.string().min(1, 'expected a role'))
  .min(1, 'give at least one role')
  .describe(
    'viewer, operator, lead or admin; with @environment, @environment/namespace or @environment/cluster:name it holds there only.',
  );

const personSchema = z
  .strictObject({
    name: name.describe('How Reign calls this person.'),
    roles: roles.optional(),
    slack: z
      .string()
      .regex(/^[TE][A-Z0-9]+\/[UW][A-Z0-9]+$/, 'expected <team id>/<user id>, as in T01TEST/U01ALICE')
      .optional()
      .describe('Slack team id and user id, as in T01TEST/U01ALICE.'),
    teams: z
      .string()
      .regex(/^[^/\s]+\/[^/\s]+$/, 'expected <tenant id>/<aadObjectId>')
      .optional()
      .describe('Microsoft Entra tenant id and object id.'),
    oidc: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('The subject (claim `sub`) that the provider of `oidc` knows this person by.'),
    onCallAs: z
      .string()
      .min(1)
      .optional()
      .describe('What the on-call schedule calls this person (default: the name).'),
    kubernetes: kubernetesUser
      .optional()
      .describe('Their name in clusters with impersonate, as in alice@example.com.'),
    guest: z
      .boolean()
      .optional()
      .describe('Allowed although a guest, or of another organisation, in Slack or Teams (default: false).'),
    local: z
      .boolean()
      .optional()
      .describe('Whether this person may use the web page and the terminal (default: true).'),
  })
  .describe('One human, however many chat identities they have.');

const groupSchema = z
  .strictObject({
    name: name.describe('How Reign calls this group.'),
    roles,
    slack: z
      .string()
      .regex(/^[TE][A-Z0-9]+\/S[A-Z0-9]+$/, 'expected <team id>/<user group id>, as in T01TEST/S01LEADS')
      .optional()
      .describe('Slack team id and user group id, as in T01TEST/S01LEADS.'),
    teams: z
      .string()
      .regex(/^[^/\s]+\/[^/\s]+$/, 'expected <tenant id>/<group object id>')
      .optional()
      .describe('Microsoft Entra tenant id and the object id of the group.'),
  })
  .refine(({ slack, teams }) => (slack === undefined) !== (teams === undefined), 'give either slack or teams')
  .describe('A group kept by a chat platform, whose members hold roles.');

const duration = z.string().regex(durationPattern, 'expected a number and s, m, h or d, as in 30m or 4h');

const kept = duration
  .refine(
    (text) => !durationPattern.test(text) || durationSeconds(text) >= 86_400,
    'expected a day or more, as in 90d',
  )
  .optional();

const channel = z
  .string()
  .regex(
    /^(slack:[TE][A-Z0-9]+\/[CG][A-Z0-9]+|teams:[^/\s]+\/19:\S+)$/,
    'expected slack:<team id>/<channel id> or teams:<tenant id>/<channel id>',
  );

/** What reign.yaml may say. Unknown keys are refused. */
export const configSchema = z
  .strictObject({
    people: z.array(personSchema).min(1, 'list at least one person'),
    groups: z.array(groupSchema).optional(),
    environments: z.record(key, environmentSchema),
    policy: z
      .strictObject({
        files: z
          .array(z.string().min(1))
          .min(1, 'list at least one file, or leave this out')
          .optional()
          .describe(
            'Cedar files, relative to this one. The word default stands for the shipped rules, which hold alone when this is left out.',
          ),
        breakGlass: z
          .array(z.string().regex(/^[a-z]+\.[a-z_]+$/, 'expected an operation, as in kubernetes.rollback'))
          .optional()
          .describe(
            'Operations that the person on call may run alone, with a reason, reviewed within a day.',
          ),
      })
      .optional(),
    server: z
      .strictObject({
        host: z.string().min(1).optional().describe('Address to listen on (default: 127.0.0.1).'),
        port: z
          .int()
          .min(0)
          .max(65_535)
          .optional()
          .describe('Port to listen on (default: 7373; 0 takes a free one).'),
        publicUrl: url('http', 'https')
          .optional()
          .describe('Where people reach the page, for links in chats (default: the address it listens on).'),
      })
      .optional(),
    oidc: z
      .strictObject({
        issuer: url('http', 'https').describe('Address of the provider, exactly as its tokens name it.'),
        clientId: z.string().min(1).describe('What the provider calls this Reign.'),
        scopes: z.array(z.string().min(1)).optional().describe('What is asked for (default: openid).'),
      })
      .optional()
      .describe(
        'Sign-in by OpenID Connect, needed beyond loopback. The secret of the client is REIGN_OIDC_CLIENT_SECRET; without one Reign is a public client.',
      ),
    database: z
      .strictObject({
        url: url('postgres', 'postgresql').optional().describe('Postgres (default: one started by Reign).'),
        migrations: z
          .enum(['start', 'job'])
          .optional()
          .describe(
            'Who brings the database up to date: every process at its start (default), or only the command reign migrate, before which a newer process refuses to start.',
          ),
      })
      .optional(),
    gateway: z
      .strictObject({
        database: z.strictObject({ url: url('postgres', 'postgresql').optional() }).optional(),
      })
      .optional()
      .describe('A database role of its own for the gateway.'),
    worker: z
      .strictObject({
        database: z.strictObject({ url: url('postgres', 'postgresql').optional() }).optional(),
      })
      .optional()
      .describe('A database role of its own for workers.'),
    redis: redisSchema.optional(),
    http: z
      .strictObject({
        allow: z
          .array(z.string().regex(/^\S+$/, 'expected a host, an address or a range'))
          .optional()
          .describe('Private hosts, addresses or ranges that checks may reach.'),
      })
      .optional(),
    workers: z
      .strictObject({
        concurrency: z.int().min(1).max(200).optional().describe('Steps at a time (default: 10).'),
      })
      .optional(),
    sandbox: sandboxSchema.optional(),
    approvals: z
      .strictObject({
        expireAfter: duration.optional().describe('How long an approval waits (default: 4h).'),
        onCall: z
          .array(z.string().min(1))
          .optional()
          .describe('Names of the people on call, who may break the glass (see policy.breakGlass).'),
        onCallSchedule: z
          .union([
            z.strictObject({ ical: url('http', 'https').describe('Address of a calendar.') }),
            z.strictObject({ pagerduty: z.string().min(1), url: url('http', 'https').optional() }),
            z.strictObject({ opsgenie: z.string().min(1), url: url('http', 'https').optional() }),
          ])
          .optional()
          .describe(
            'A schedule besides: a calendar whose events are called after who is on duty, or the id of a schedule in PagerDuty (PAGERDUTY_TOKEN) or Opsgenie (OPSGENIE_API_KEY).',
          ),
      })
      .optional(),
    retention: z
      .strictObject({
        payloads: kept.describe(
          'How long inputs, previews, results and undo of ended plans are kept, with the payloads of their audit.',
        ),
        chat: kept.describe('How long what was said is kept after the last that happened in a conversation.'),
      })
      .optional()
      .describe('How long things are kept, at least a day, as in 90d (default: for ever).'),
    audit: z
      .strictObject({
        anchor: z
          .strictObject({
            file: z.string().min(1).optional().describe('File that checkpoints are appended to.'),
          })
          .optional(),
      })
      .optional(),
    chat: z
      .strictObject({
        allowExternal: z
          .boolean()
          .optional()
          .describe('Write in full to channels that other organisations see (default: false).'),
        approvalChannel: channel
          .optional()
          .describe('A channel that is told what waits for approval, instead of each approver.'),
        remindAfter: duration.optional().describe('When approvers are reminded (default: 30m).'),
        escalate: z
          .array(
            z.strictObject({
              after: duration.describe('How long after the approval was asked for.'),
              to: z
                .array(z.string().min(1))
                .min(1)
                .describe('Names of people or groups, or the word onCall.'),
            }),
          )
          .optional()
          .describe('Who is told next when nobody decides; among them only who may approve.'),
      })
      .optional()
      .describe('Slack and Teams.'),
    alerts: z
      .strictObject({
        channel: channel
          .optional()
          .describe('A channel that alerts are told in, those of one kind in one thread.'),
        rules: alertRulesSchema.optional(),
      })
      .optional()
      .describe('Alerts that Alertmanager posts to /alerts with the bearer token REIGN_ALERTS_TOKEN.'),
    runbooks: z
      .strictObject({
        folders: z
          .array(z.string().min(1))
          .optional()
          .describe('Folders of runbooks besides the shipped ones.'),
      })
      .optional(),
    vault: vaultSchema.optional(),
    shell: shellSchema.optional(),
    llm: llmSchema.optional(),
    plugins: z
      .array(z.string().min(1))
      .optional()
      .describe('Tools of your own: folders (relative to this file) or packages; see docs/plugins.md.'),
    mcp: z.record(key, mcpSchema).optional(),
    telemetry: telemetrySchema.optional(),
  })
  .describe('Configuration of Reign');

export type RawConfig = z.output<typeof configSchema>;

/** JSON Schema of reign.yaml for editors. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(configSchema, { io: 'input' });
  return { $schema, title: 'reign.yaml', ...rest };
}
