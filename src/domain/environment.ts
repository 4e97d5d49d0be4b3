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
  /** What it holds, where that is configured: for `github`, repositories as `owner/name` or `owner/*`; for `mcp`, tools that only read. */
  holds?: readonly string[];
  /** Where its configuration lies, for `terraform`, and who keeps the state. */
  terraform?: { path: string; workspace: string; state: 'reign' | 'backend' };
};

/** An environment as planners and tools see it. */
export type EnvironmentView = {
  name: string;
  tier: Tier;
  aliases: readonly string[];
  connections: readonly ConnectionView[];
  /** Own hosts, as `host` or `host:port`: load tests reach these alone. */
  hosts?: readonly string[];
  /** Lists that scripts for it are held against, each by itself; absent where there are none. */
  shell?: readonly CommandList[];
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
