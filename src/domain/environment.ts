import type { CloudView } from './cloud.ts';

export type Tier = 'production' | 'nonproduction';

/**
 * What a connection leads to; `http` is the web, `folder` a folder of files that Reign may read, `api` any HTTP API (for
 * plugins), `mcp` a server of the Model Context Protocol.
 */
export type ConnectionKind =
  | 'kubernetes'
  | 'docker'
  | 'http'
  | 'github'
  | 'prometheus'
  | 'alertmanager'
  | 'folder'
  | 'terraform'
  | 'api'
  | 'mcp';

/** How a tool's server is reached: never a credential, only its name. `id` is unique over all environments. */
export type ConnectionView = {
  id: string;
  kind: ConnectionKind;
  environment: string;
  name: string;
  demo: boolean;
  /** What it holds, where that is configured: for `github`, repositories as `owner/name` or `owner/*`; for `mcp`, tools that only read; for `docker`, folders of its machine that containers may mount. */
  /** Steps act there as the one person who asked for the plan, with that person's rights. */
  actsAs?: 'asker';
  holds?: readonly string[];
  /** Where its configuration lies, for `terraform`, and who keeps the state. */
  terraform?: WorkspaceView;
};

/** `hosts` are what its steps may reach: `host`, `host:port`, or either below a `*.`. */
export type WorkspaceView = {
  path: string;
  workspace: string;
  state: 'reign' | 'backend';
  hosts?: readonly string[];
  cloud?: CloudView;
};

/** An environment as planners and tools see it. */
export type EnvironmentView = {
  name: string;
  tier: Tier;
  aliases: readonly string[];
  connections: readonly ConnectionView[];
  /** Where changes of its clusters are proposed as pull requests; absent where they are made. */
  gitops?: GitopsView;
  /** Own hosts, as `host` or `host:port`: load tests reach these alone. */
  hosts?: readonly string[];
  /** Lists that scripts for it are held against, each by itself; absent where there are none. */
  shell?: readonly CommandList[];
};

/** The files that a delivery tool (Argo CD, Flux) keeps the clusters of an environment equal to. */
export type GitopsView = {
  /** Id of the github connection that holds the repository. */
  connection: string;
  /** `owner/name`. */
  repository: string;
  branch: string;
  /** Folder of the files; empty for the whole repository. */
  path: string;
  /** How long a plan waits for the merge, and then for the delivery. */
  waitSeconds: number;
};

/**
 * Commands of scripts that are refused whoever approves: those that `deny` names, and where `allow` names some, all
 * others. An entry is a name, and words that follow it if any; `*` stands for anything.
 */
export type CommandList = { allow?: readonly string[]; deny?: readonly string[] };

/** The environment that a person means by a word (its name or an alias, without case), or undefined. */
export function findEnvironment(
  environments: readonly EnvironmentView[],
  word: string,
): EnvironmentView | undefined {
  const wanted = word.toLowerCase();
  return environments.find(
    (environment) =>
      environment.name.toLowerCase() === wanted ||
      environment.aliases.some((alias) => alias.toLowerCase() === wanted),
  );
}

/** The tier of a named environment; what is not configured counts as production. */
export function tierOf(environments: readonly EnvironmentView[], name: string | undefined): Tier {
  const found =
    name === undefined ? undefined : environments.find((environment) => environment.name === name);
  return found?.tier ?? 'production';
}
