import { join, resolve } from 'node:path';
import type { AlertRule } from '../domain/alert-rule.ts';
import { defined } from '../domain/defined.ts';
import type { Group } from '../domain/group.ts';
import { type Person, type Principal, parseRoleBinding } from '../domain/person.ts';
import type { RawAlertRules } from './alert-schema.ts';
import { environmentOf, withPath } from './build-environment.ts';
import type { Config, PodConfig, VaultConfig } from './config.ts';
import { durationSeconds } from './duration.ts';
import { mcpOf, mcpServices } from './mcp.ts';
import { redisOf } from './redis-schema.ts';
import type { RawConfig } from './schema.ts';

type PodSection = NonNullable<NonNullable<RawConfig['sandbox']>['pod']>;
type VaultServer = NonNullable<NonNullable<RawConfig['vault']>['servers']>[string];
type Facts = Pick<Config, 'mode' | 'role' | 'dataDir' | 'ignoredInDemo' | 'warnings' | 'secrets'> & {
  file: string | undefined;
  /** What relative paths are relative to: the folder of the file. */
  folder: string;
  home: string | undefined;
};

/** Makes the config of what was read and checked: fills in defaults, makes paths absolute, freezes it all. */
export function buildConfig(raw: RawConfig, { file, folder, home, secrets, ...facts }: Facts): Config {
  const path = (text: string) =>
    text.startsWith('~/') && home !== undefined ? join(home, text.slice(2)) : resolve(folder, text);
  const policyFiles = raw.policy?.files ?? ['default'];
  const anchorFile = raw.audit?.anchor?.file;
  const config = {
    ...facts,
    ...defined({
      file,
      databaseUrl: raw.database?.url,
      gatewayDatabaseUrl: raw.gateway?.database?.url,
      workerDatabaseUrl: raw.worker?.database?.url,
      redis: redisOf(raw.redis, path),
      oidc: raw.oidc && { ...raw.oidc, scopes: raw.oidc.scopes ?? ['openid'] },
    }),
    migrations: raw.database?.migrations ?? 'start',
    people: raw.people.map((person) => personOf(person, raw.oidc?.issuer)),
    groups: (raw.groups ?? []).map(groupOf),
    environments: Object.entries(raw.environments).map(([name, each]) =>
      environmentOf(name, each, raw.shell, path, mcpServices(raw, name, path)),
    ),
    plugins: (raw.plugins ?? []).map((from) => ({ from, base: folder })),
    mcp: mcpOf(raw, path),
    server: {
      host: raw.server?.host ?? '127.0.0.1',
      port: raw.server?.port ?? 7373,
      ...defined({ publicUrl: raw.server?.publicUrl?.replace(/\/+$/, '') }),
    },
    policy: {
      files: policyFiles.map((each) => (each === 'default' ? each : path(each))),
      breakGlass: raw.policy?.breakGlass ?? [],
    },
    httpAllow: raw.http?.allow ?? [],
    workers: { concurrency: raw.workers?.concurrency ?? 10 },
    sandbox: {
      backend: raw.sandbox?.backend ?? 'auto',
      ...defined({ pod: raw.sandbox?.pod === undefined ? undefined : podOf(raw.sandbox.pod, path) }),
    },
    approvals: {
      expireAfterSeconds: durationSeconds(raw.approvals?.expireAfter ?? '4h'),
      onCall: raw.approvals?.onCall ?? [],
      ...defined({ onCallSchedule: raw.approvals?.onCallSchedule as Config['approvals']['onCallSchedule'] }),
    },
    chat: chatOf(raw.chat),
    alerts: {
      rules: (raw.alerts?.rules ?? []).map(alertRuleOf),
      ...defined({ channel: channelOf(raw.alerts?.channel) }),
    },
    runbookFolders: (raw.runbooks?.folders ?? []).map(path),
    vault: {
      servers: Object.entries(raw.vault?.servers ?? {}).map(([host, each]) => vaultOf(host, each, path)),
      folders: (raw.vault?.files ?? []).map(path),
      ...defined({ masterKey: raw.vault?.masterKey }),
      formerMasterKeys: raw.vault?.formerMasterKeys ?? [],
    },
    llm: llmOf(raw.llm ?? {}, secrets),
    telemetry: telemetryOf(raw.telemetry),
    retention: defined({
      payloadSeconds: secondsOf(raw.retention?.payloads),
      chatSeconds: secondsOf(raw.retention?.chat),
    }),
    audit: anchorFile === undefined ? {} : { anchorFile: path(anchorFile) },
  };
  Object.defineProperty(config, 'secrets', { value: Object.freeze({ ...secrets }), enumerable: false });
  return deepFreeze(config as typeof config & Pick<Config, 'secrets'>);
}

function podOf(
  { port = 7374, waiting = 1, startWithin = '60s', kubeconfig, ...given }: PodSection,
  path: (text: string) => string,
): PodConfig {
  return {
    ...{ image: given.image, port, waiting, startSeconds: durationSeconds(startWithin) },
    ...defined({ ...given, kubeconfig: kubeconfig === undefined ? undefined : path(kubeconfig) }),
  };
}

function chatOf(raw: RawConfig['chat']): Config['chat'] {
  const escalate = (raw?.escalate ?? []).map(({ after, to }) => ({
    afterSeconds: durationSeconds(after),
    to,
  }));
  return {
    allowExternal: raw?.allowExternal ?? false,
    ...defined({ approvalChannel: channelOf(raw?.approvalChannel) }),
    remindAfterSeconds: durationSeconds(raw?.remindAfter ?? '30m'),
    escalate,
  };
}

function telemetryOf(raw: RawConfig['telemetry']): Config['telemetry'] {
  return {
    logs: raw?.logs ?? 'file',
    ...defined({ endpoint: raw?.traces?.endpoint }),
    metrics: { host: raw?.metrics?.host ?? '127.0.0.1', ...defined({ port: raw?.metrics?.port }) },
  };
}

function secondsOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : durationSeconds(text);
}

function personOf(
  { name, roles, slack, teams, oidc, local, guest, onCallAs, kubernetes }: RawConfig['people'][number],
  issuer: string | undefined,
): Person {
  const principals: Principal[] = [];
  if (local !== false) principals.push({ platform: 'local', team: 'local', user: name });
  for (const [platform, id] of Object.entries({ slack, teams })) {
    const [team, user] = id?.split('/') ?? [];
    if (team !== undefined && user !== undefined) principals.push({ platform, team, user });
  }
  if (oidc !== undefined && issuer !== undefined)
    principals.push({ platform: 'oidc', team: issuer, user: oidc });
  return {
    name,
    roles: (roles ?? []).map(parseRoleBinding),
    principals,
    ...defined({ guest, onCallAs, kubernetes }),
  };
}

function groupOf({ name, roles, slack, teams }: NonNullable<RawConfig['groups']>[number]): Group {
  const [team = '', id = ''] = (slack ?? teams ?? '').split('/');
  const platform = slack === undefined ? 'teams' : 'slack';
  return { name, platform, team, id, roles: roles.map(parseRoleBinding) };
}

/** Where nothing is said, a key says which provider. */
function llmOf(raw: NonNullable<RawConfig['llm']>, secrets: Config['secrets']): Config['llm'] {
  const { provider = secrets['ANTHROPIC_API_KEY'] ? 'anthropic' : 'none', budget, daily } = raw;
  const { baseUrl = secrets['ANTHROPIC_BASE_URL'], effort, price } = raw;
  return {
    ...defined({ baseUrl, effort, price, provider: provider === 'none' ? undefined : provider }),
    model: raw.model ?? 'claude-sonnet-5-5',
    maxTokens: raw.maxTokens ?? 8000,
    budget: {
      looks: budget?.looks ?? 24,
      tokens: budget?.tokens ?? 300_000,
      seconds: budget?.seconds ?? 180,
      usd: budget?.usd ?? 1,
    },
    daily: { person: daily?.person ?? 10, all: daily?.all ?? 100 },
    hosts: raw.hosts ?? [],
  };
}

function vaultOf(
  host: string,
  { url = `https://${host}`, namespace, ca, token, appRole }: VaultServer,
  path: (text: string) => string,
): VaultConfig {
  const { id = '', secret = '', mount = 'approle' } = appRole ?? {};
  return {
    ...{ host, url },
    ...defined({ namespace, ca: ca === undefined ? undefined : path(ca) }),
    login:
      token === undefined
        ? { appRole: { id, secret: withPath(secret, path), mount } }
        : { token: withPath(token, path) },
  };
}

function alertRuleOf({ match, as, runbook, parameters = {} }: RawAlertRules[number]): AlertRule {
  return runbook === undefined
    ? { match, as, act: 'investigate' }
    : { match, as, act: 'runbook', runbook, parameters };
}

function channelOf(text: string | undefined) {
  const [, platform, team, channel] = /^(\w+):([^/]+)\/(.+)$/.exec(text ?? '') ?? [];
  return platform && team && channel ? { platform, team, channel } : undefined;
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
