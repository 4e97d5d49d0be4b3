import type { AlertRule } from '../domain/alert-rule.ts';
import type { CloudAccess } from '../domain/cloud.ts';
import type { CommandList, GitopsView, Tier } from '../domain/environment.ts';
import type { Group } from '../domain/group.ts';
import type { Budget } from '../domain/investigation.ts';
import type { Person } from '../domain/person.ts';
import type { RedisAddress } from '../domain/ports/redis-address.ts';
import type { Retention } from '../domain/retention.ts';

export type Role = 'all' | 'gateway' | 'worker';

/** How a cluster is reached: the demo one, or a context of a kubeconfig (absent: the usual file, its current context). */
export type ClusterConfig = {
  name: string;
  demo: boolean;
  context?: string;
  kubeconfig?: string;
  serviceAccount?: string;
  /** Groups that steps have there besides the name of the person whom they act as; absent: as Reign itself. */
  impersonate?: { groups: readonly string[] };
};

/** A Docker engine behind a unix socket, or at a `host` address. */
export type DockerConfig = { name: string; mounts: readonly string[] } & (
  | { socket: string }
  | { host: string }
);

/** A channel of a chat platform. */
export type Channel = { platform: string; team: string; channel: string };

/** Anything else that operations reach. `token` says where the token is: `env:`, `file:` or `vault:` and a name. */
export type ServiceConfig =
  | {
      kind: 'github';
      name: string;
      url: string;
      repositories: readonly string[];
      token?: string;
      /** A GitHub App; `key` says where its private key is. */
      app?: { id: string; installation: string; key: string };
    }
  | { kind: 'prometheus' | 'alertmanager' | 'api'; name: string; url: string; token?: string }
  | { kind: 'mcp'; name: string; url: string; token?: string; reads: readonly string[] }
  | { kind: 'folder'; name: string; path: string }
  | {
      kind: 'terraform';
      name: string;
      path: string;
      workspace: string;
      state: 'reign' | 'backend';
      /** What steps may reach: `host`, `host:port`, or either below a `*.`. */
      hosts?: readonly string[];
      cloud?: CloudAccess;
    };

/** A HashiCorp Vault. Its secrets are references: `env:NAME` or `file:PATH`. */
export type VaultConfig = {
  host: string;
  url: string;
  namespace?: string;
  ca?: string;
  login: { token: string } | { appRole: { id: string; secret: string; mount: string } };
};

/** A master key of a key management service. */
export type MasterKeyConfig =
  | { transit: { server: string; mount?: string | undefined; key: string } }
  | { awsKms: { region: string; key: string } };

export type EnvironmentConfig = {
  name: string;
  tier: Tier;
  aliases: readonly string[];
  /** False refuses every write there; see `environmentRules`. */
  writes: boolean;
  /** Where changes of its clusters are proposed instead of made. */
  gitops?: GitopsView;
  clusters: readonly ClusterConfig[];
  docker: readonly DockerConfig[];
  services: readonly ServiceConfig[];
  /** Own hosts; see `EnvironmentView`. */
  hosts: readonly string[];
  /** Lists of commands for scripts: its own, and the one for all. */
  shell: readonly CommandList[];
};

/** A folder or package that exports a tool, relative to `base`. */
export type PluginConfig = { from: string; base: string };

/** A server of the Model Context Protocol; `folder` is absolute. */
export type McpConfig = { name: string; environment?: string; reads: readonly string[] } & (
  | { url: string }
  | { command: readonly string[]; env: Readonly<Record<string, string>>; folder?: string }
);

/** Pods for steps. Without `context` and `kubeconfig` the cluster is the one that the worker runs in. */
export type PodConfig = {
  image: string;
  namespace?: string;
  pullSecret?: string;
  context?: string;
  kubeconfig?: string;
  address?: string;
  port: number;
  waiting: number;
  startSeconds: number;
};

/** Everything that is set from outside, read once and frozen. Paths are absolute, times in seconds. */
export type Config = {
  /** `demo` where nothing is configured: demo clusters only, on loopback, without real credentials. */
  mode: 'demo' | 'configured';
  /** The file that was read; absent in demo mode or when all came from the environment. */
  file?: string;
  role: Role;
  dataDir: string;
  people: readonly Person[];
  /** Groups kept by a chat platform whose members hold roles. */
  groups: readonly Group[];
  environments: readonly EnvironmentConfig[];
  server: { host: string; port: number; publicUrl?: string };
  /** Who signs people in where Reign is served beyond loopback. */
  oidc?: { issuer: string; clientId: string; scopes: readonly string[] };
  databaseUrl?: string;
  /** Who brings the database up to date: each process at its start, or `reign migrate`. */
  migrations: 'start' | 'job';
  gatewayDatabaseUrl?: string;
  workerDatabaseUrl?: string;
  redis?: RedisAddress;
  plugins: readonly PluginConfig[];
  mcp: readonly McpConfig[];
  /** Files of rules; the word `default` stands for the shipped ones. `breakGlass` lists operations. */
  policy: { files: readonly string[]; breakGlass: readonly string[] };
  /** Private addresses that checks may reach: hosts, addresses or ranges. */
  httpAllow: readonly string[];
  workers: { concurrency: number };
  sandbox: { backend: 'auto' | 'bubblewrap' | 'pod'; pod?: PodConfig };
  /** `onCall` names the people who may break the glass. */
  approvals: {
    expireAfterSeconds: number;
    onCall: readonly string[];
    onCallSchedule?:
      | { ical: string }
      | { pagerduty: string; url?: string }
      | { opsgenie: string; url?: string };
  };
  /** Where threads about alerts are begun, and what is done about them. */
  alerts: { channel?: Channel; rules: readonly AlertRule[] };
  /** Folders of runbooks besides the shipped ones. */
  runbookFolders: readonly string[];
  retention: Retention;
  audit: { anchorFile?: string };
  chat: {
    allowExternal: boolean;
    approvalChannel?: Channel;
    remindAfterSeconds: number;
    escalate: readonly { afterSeconds: number; to: readonly string[] }[];
  };
  /** How secrets are reached that lie elsewhere. */
  vault: {
    servers: readonly VaultConfig[];
    folders: readonly string[];
    /** Absent: Reign's own. */
    masterKey?: MasterKeyConfig;
    formerMasterKeys: readonly MasterKeyConfig[];
  };
  /** `provider` is absent where no language model is to be used. */
  llm: {
    provider?: 'anthropic' | 'bedrock' | 'vertex' | 'openai';
    model: string;
    baseUrl?: string;
    effort?: 'low' | 'medium' | 'high' | 'xhigh' | 'max';
    maxTokens: number;
    price?: { input: number; output: number };
    budget: Budget;
    daily: { person: number; all: number };
    hosts: readonly string[];
  };
  /** `endpoint`: where traces are sent, where OpenTelemetry's own variables do not say; `port`: chosen by somebody. */
  telemetry: { logs: 'file' | 'stderr'; endpoint?: string; metrics: { host: string; port?: number } };
  /** Tokens by the name of their variable. Not enumerable: printing or copying the config leaves them out. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Variables with credentials that are set and that demo mode left unread. */
  ignoredInDemo: readonly string[];
  /** What looks like a mistake and stops nothing. */
  warnings: readonly string[];
};

export type ConfigOptions = {
  cwd: string;
  /** `--config`: must exist. Without it `REIGN_CONFIG`, then `reign.yaml` in `cwd` if there is one. */
  file?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  dataDir?: string | undefined;
  port?: number | undefined;
  role?: Role | undefined;
};
