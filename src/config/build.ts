import { join, resolve } from 'node:path';
import type { AlertRule } from '../domain/alert-rule.ts';
import type { Group } from '../domain/group.ts';
import { type Person, type Principal, parseRoleBinding } from '../domain/person.ts';
import type { RawAlertRules } from './alert-schema.ts';
import type {
  ClusterConfig,
  Config,
  DockerConfig,
  EnvironmentConfig,
  ServiceConfig,
  VaultConfig,
} from './config.ts';
import { durationSeconds } from './duration.ts';
import { mcpOf, mcpServices } from './mcp.ts';
import type { RawConfig } from './schema.ts';

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
      redisUrl: raw.redis?.url,
    }),
    people: raw.people.map(personOf),
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
    approvals: {
      expireAfterSeconds: durationSeconds(raw.approvals?.expireAfter ?? '4h'),
      onCall: raw.approvals?.onCall ?? [],
      ...defined({ onCallSchedule: raw.approvals?.onCallSchedule as Config['approvals']['onCallSchedule'] }),
    },
    chat: {
      allowExternal: raw.chat?.allowExternal ?? false,
      ...defined({ approvalChannel: channelOf(raw.chat?.approvalChannel) }),
      remindAfterSeconds: durationSeconds(raw.chat?.remindAfter ?? '30m'),
      escalate: (raw.chat?.escalate ?? []).map(({ after, to }) => ({
        afterSeconds: durationSeconds(after),
        to,
      })),
    },
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
    audit: anchorFile === undefined ? {} : { anchorFile: path(anchorFile) },
  };
  Object.defineProperty(config, 'secrets', { value: Object.freeze({ ...secrets }), enumerable: false });
  return deepFreeze(config as typeof config & Pick<Config, 'secrets'>);
}

function personOf({
  name,
  roles,
  slack,
  teams,
  local,
  guest,
  onCallAs,
}: RawConfig['people'][number]): Person {
  const principals: Principal[] = [];
  if (local !== false) principals.push({ platform: 'local', team: 'local', user: name });
  for (const [platform, id] of Object.entries({ slack, teams })) {
    const [team, user] = id?.split('/') ?? [];
    if (team !== undefined && user !== undefined) principals.push({ platform, team, user });
  }
  return { name, roles: (roles ?? []).map(parseRoleBinding), principals, ...defined({ guest, onCallAs }) };
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

/** `file:` references are relative to the configuration. */
function withPath(reference: string, path: (text: string) => string): string {
  return reference.startsWith('file:') ? `file:${path(reference.slice(5))}` : reference;
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

function environmentOf(
  name: string,
  raw: RawConfig['environments'][string],
  shellForAll: RawConfig['shell'],
  path: (text: string) => string,
  mcp: readonly ServiceConfig[],
): EnvironmentConfig {
  const clusters = Object.entries(raw.clusters ?? {}).map(
    ([name, { context, kubeconfig, demo, serviceAccount }]): ClusterConfig => ({
      name,
      demo: demo ?? false,
      ...defined({
        context,
        serviceAccount,
        kubeconfig: kubeconfig === undefined ? undefined : path(kubeconfig),
      }),
    }),
  );
  const docker = Object.entries(raw.docker ?? {}).map(
    ([name, { socket, host }]): DockerConfig =>
      host === undefined ? { name, socket: path(socket ?? '/var/run/docker.sock') } : { name, host },
  );
  const services = [...servicesOf(raw, path), ...mcp];
  const { tier, aliases = [], writes = true, hosts = [] } = raw;
  const shell = [raw.shell, shellForAll].flatMap((list) => (list ? [defined(list)] : []));
  return { name, tier, aliases, writes: writes === true, clusters, docker, services, hosts, shell };
}

function servicesOf(
  raw: RawConfig['environments'][string],
  path: (text: string) => string,
): readonly ServiceConfig[] {
  const named = <T>(record: { [name: string]: T } | undefined) => Object.entries(record ?? {});
  const from = (token: string) => withPath(token, path);
  const servers = (kind: 'prometheus' | 'alertmanager' | 'api', record = raw[kind as 'prometheus']) =>
    named(record).map(([name, { url, token }]): ServiceConfig => {
      return { kind, name, url, ...(token === undefined ? {} : { token: from(token) }) };
    });
  return [
    ...named(raw.github).map(([name, { repositories, token, app, url = 'https://api.github.com' }]) => {
      const { id = '', installation = '', key = '' } = app ?? {};
      const credential =
        token === undefined
          ? { app: { id: `${id}`, installation: `${installation}`, key: from(key) } }
          : { token: from(token) };
      return { kind: 'github' as const, name, url, repositories, ...credential };
    }),
    ...servers('prometheus'),
    ...servers('alertmanager'),
    ...servers('api', raw.apis),
    ...named(raw.folders).map(([name, each]) => ({ kind: 'folder' as const, name, path: path(each) })),
    ...named(raw.terraform).map(([name, { path: each, workspace = 'default', state = 'reign' }]) => {
      return { kind: 'terraform' as const, name, path: path(each), workspace, state };
    }),
  ];
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Defined<T>;
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
