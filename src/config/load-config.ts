import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { FaultError } from '../domain/fault.ts';
import { isLoopback } from '../domain/loopback.ts';
import { buildConfig } from './build.ts';
import type { Config, ConfigOptions, Role } from './config.ts';
import { demoConfig } from './demo.ts';
import { type PathProblem, problemsOfIssue } from './issues.ts';
import { ConfigError, type ConfigProblem, type ConfigSource } from './problem.ts';
import { type Path, type ReadYaml, readYaml } from './read-yaml.ts';
import { referenceProblems } from './references.ts';
import { configSchema, type RawConfig } from './schema.ts';
import { applyVariables, variableName } from './variables.ts';

type Env = ConfigOptions['env'];

/**
 * Reads reign.yaml and the environment once. The command line beats variables, variables beat the file.
 * Throws ConfigError with all problems and where each stands, or FaultError `not-found` for a file that was named.
 */
export function loadConfig(options: ConfigOptions): Config {
  const { cwd, env } = options;
  const found = findFile(options);
  const demo = found === undefined && !env.REIGN_PEOPLE && !env.REIGN_ENVIRONMENTS;
  const read = found === undefined ? undefined : readYaml(found.text, nameOf(found.path, cwd));
  if (read && read.problems.length > 0) throw new ConfigError(read.problems);
  const variables = applyVariables(read ? (read.data ?? {}) : {}, env);
  const sourceAt = (path: Path): ConfigSource =>
    options.port !== undefined && path.join('.') === 'server.port'
      ? { kind: 'variable', name: '--port' }
      : sourceOf(path, variables.variableAt(path), read);
  const data = withPort(demo ? withDemo(variables.data) : variables.data, options.port);
  if (demo) demandLoopback(data, sourceAt(['server', 'host']));
  const raw = parse(data, sourceAt, variables.problems);
  const credentials = credentialNames(env);
  return buildConfig(raw, {
    mode: demo ? 'demo' : 'configured',
    role: options.role ?? roleFrom(env),
    dataDir: resolve(cwd, options.dataDir ?? (env.REIGN_DATA_DIR || '.reign')),
    file: found?.path,
    folder: found === undefined ? cwd : dirname(found.path),
    home: env.HOME,
    secrets: demo ? {} : Object.fromEntries(credentials.map((name) => [name, env[name] ?? ''])),
    ignoredInDemo: demo ? [...credentials, ...['KUBECONFIG', 'DOCKER_HOST'].filter((name) => env[name])] : [],
    warnings: variables.warnings,
  });
}

function findFile({ cwd, file, env }: ConfigOptions): { path: string; text: string } | undefined {
  const named = file ?? (env.REIGN_CONFIG || undefined);
  const path = resolve(cwd, named ?? 'reign.yaml');
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (missing && named === undefined) return undefined;
    const why = missing ? 'does not exist' : `cannot be read: ${(error as Error).message}`;
    throw new FaultError('not-found', `The configuration file ${nameOf(path, cwd)} ${why}.`, {
      cause: error,
    });
  }
}

function nameOf(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}

function sourceOf(path: Path, variable: string | undefined, read: ReadYaml | undefined): ConfigSource {
  if (variable !== undefined) return { kind: 'variable', name: variable };
  return read?.locate(path) ?? { kind: 'variable', name: variableName(path.slice(0, 1)) };
}

/** Demo people and environments are laid over everything: no variable can put a real cluster among them. */
function withDemo(data: unknown): unknown {
  return { ...(data as object), ...structuredClone(demoConfig) };
}

function withPort(data: unknown, port: number | undefined): unknown {
  if (port === undefined || typeof data !== 'object' || data === null) return data;
  return { ...data, server: { ...(data as { server?: object }).server, port } };
}

function parse(
  data: unknown,
  sourceAt: (path: Path) => ConfigSource,
  earlier: readonly ConfigProblem[],
): RawConfig {
  const parsed = configSchema.safeParse(data);
  const found: PathProblem[] = [
    ...(parsed.error?.issues ?? []).flatMap((issue) => problemsOfIssue(issue, data)),
    ...referenceProblems(data),
  ];
  const located = found.map(({ path, message }) => ({ source: sourceAt(path), message }));
  const problems = [...earlier, ...located.sort(byPlace)];
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems);
  return parsed.data;
}

function byPlace({ source: a }: ConfigProblem, { source: b }: ConfigProblem): number {
  if (a.kind !== 'file' || b.kind !== 'file') return a.kind === b.kind ? 0 : a.kind === 'file' ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

function demandLoopback(data: unknown, source: ConfigSource): void {
  const host = (data as { server?: { host?: string } }).server?.host ?? '127.0.0.1';
  if (isLoopback(host)) return;
  const message = `without a reign.yaml Reign runs its demo, which listens on 127.0.0.1 only, not on "${host}": write one with reign init`;
  throw new ConfigError([{ source, message }]);
}

/** The usual names of what Slack, Teams and the model are reached with. */
const credentialName =
  /^(ANTHROPIC_(API_KEY|BASE_URL)|OPENAI_API_KEY|PAGERDUTY_TOKEN|OPSGENIE_API_KEY|REIGN_(ALERTS_TOKEN|OIDC_CLIENT_SECRET)|SLACK_[A-Z_]+|MicrosoftApp(Id|Password|TenantId|Type)|REIGN_TEAMS_[A-Z_]+)$/;

function credentialNames(env: Env): string[] {
  return Object.keys(env)
    .filter((name) => env[name] && credentialName.test(name))
    .sort();
}

function roleFrom(env: Env): Role {
  const role = env.REIGN_ROLE || 'all';
  if (role === 'all' || role === 'gateway' || role === 'worker') return role;
  const message = `expected "all", "gateway" or "worker", got ${JSON.stringify(role)}`;
  throw new ConfigError([{ source: { kind: 'variable', name: 'REIGN_ROLE' }, message }]);
}
