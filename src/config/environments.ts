import { cloudView } from '../domain/cloud.ts';
import type { ConnectionView, EnvironmentView } from '../domain/environment.ts';
import type { Config, EnvironmentConfig, ServiceConfig } from './config.ts';

type TerraformConfig = Extract<ServiceConfig, { kind: 'terraform' }>;

/** The connection for checks of web addresses: everybody has it, and it belongs to no environment. */
export const webConnection = 'http:web';

/** The environments as planners and tools see them: names of connections, never how they are reached. */
export function environmentsView(config: Pick<Config, 'environments'>): EnvironmentView[] {
  return config.environments.map((environment) => ({
    name: environment.name,
    tier: environment.tier,
    aliases: environment.aliases,
    connections: connectionsOf(environment),
    ...(environment.shell.length > 0 ? { shell: environment.shell } : {}),
    ...(environment.gitops === undefined ? {} : { gitops: environment.gitops }),
    ...(environment.hosts.length > 0 ? { hosts: environment.hosts } : {}),
  }));
}

/**
 * Cedar rules that follow from the configuration, to be loaded after `policy.files`: an environment with
 * `writes: refuse` (or false) forbids every write, and one with `writes: pull-request` whatever is no proposal.
 */
export function environmentRules(config: Pick<Config, 'environments'>): { path: string; text: string }[] {
  return config.environments.flatMap(({ name, writes, gitops }) => {
    const path = `environments.${name}.writes`;
    if (!writes) return [{ path, text: refuseWrites(name) }];
    return gitops === undefined ? [] : [{ path, text: demandPullRequests(name) }];
  });
}

function connectionsOf({
  name: environment,
  clusters,
  docker,
  services,
}: EnvironmentConfig): ConnectionView[] {
  return [
    ...clusters.map(({ name, demo, impersonate }) => ({
      id: `kubernetes:${environment}/${name}`,
      kind: 'kubernetes' as const,
      environment,
      name,
      demo,
      ...(impersonate === undefined ? {} : { actsAs: 'asker' as const }),
    })),
    ...docker.map(({ name, mounts }) => ({
      id: `docker:${environment}/${name}`,
      kind: 'docker' as const,
      environment,
      name,
      demo: false,
      ...(mounts.length > 0 ? { holds: mounts } : {}),
    })),
    ...services.map(({ kind, name, ...service }) => ({
      id: `${kind}:${environment}/${name}`,
      kind,
      environment,
      name,
      demo: false,
      ...('repositories' in service ? { holds: service.repositories } : {}),
      ...('reads' in service ? { holds: service.reads } : {}),
      ...('workspace' in service ? { terraform: terraformOf(service) } : {}),
    })),
  ];
}

function terraformOf({ path, workspace, state, hosts, cloud }: Omit<TerraformConfig, 'kind' | 'name'>) {
  return {
    ...{ path, workspace, state },
    ...(hosts === undefined ? {} : { hosts }),
    ...(cloud === undefined ? {} : { cloud: cloudView(cloud) }),
  };
}

/** The name holds letters, digits, ".", "_" and "-" only, so it needs no escapes in Cedar. */
function refuseWrites(name: string): string {
  return `@id("${name}-is-read-only")
@reason("${name} takes no writes: its configuration refuses them (writes: refuse); ask whoever keeps reign.yaml, or use another environment")
forbid (principal, action, resource)
when { context.effect != Effect::"read" && context has environment && context.environment == "${name}" };
`;
}

/** What is done on GitHub itself, e.g. merging what was proposed, is none of the clusters' changes. */
function demandPullRequests(name: string): string {
  return `@id("${name}-takes-pull-requests")
@reason("${name} takes changes as pull requests alone (writes: pull-request), and this is none that a file could hold")
forbid (principal, action, resource)
when { context.effect != Effect::"read" && context has environment && context.environment == "${name}" && !context.asPullRequest }
unless { resource in Tool::"github" || resource in Tool::"cicd" };
`;
}
