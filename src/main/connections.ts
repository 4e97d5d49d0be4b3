import type { Config, ServiceConfig } from '../config/index.ts';
import type { CredentialReference } from '../vault/credentials.ts';
import { usualKubeconfig } from '../vault/kubeconfig.ts';

type DemoAddress = { name: string; url: string; token: string };

/** How each configured connection is reached. The demo clusters are told apart by the environment's tier. */
export function connectionReferences(
  config: Config,
  demo: readonly DemoAddress[],
  env: NodeJS.ProcessEnv,
): Map<string, CredentialReference> {
  const references = new Map<string, CredentialReference>();
  for (const { name: environment, tier, clusters, docker, services } of config.environments) {
    for (const service of services)
      references.set(`${service.kind}:${environment}/${service.name}`, referenceOf(service));
    for (const cluster of clusters) {
      const { serviceAccount, impersonate } = cluster;
      const account = {
        ...(serviceAccount === undefined ? {} : { serviceAccount }),
        ...(impersonate === undefined ? {} : { impersonate }),
      };
      const fallback = tier === 'production' ? 'production' : 'staging';
      const address =
        demo.find(({ name }) => name === environment) ?? demo.find(({ name }) => name === fallback);
      if (cluster.demo && address) {
        const { url, token } = address;
        references.set(`kubernetes:${environment}/${cluster.name}`, {
          kind: 'token',
          url,
          token,
          ...account,
        });
      } else if (!cluster.demo) {
        const file = cluster.kubeconfig ?? usualKubeconfig(env);
        const context = cluster.context === undefined ? {} : { context: cluster.context };
        const reference = { kind: 'kubeconfig' as const, file, ...context, ...account };
        references.set(`kubernetes:${environment}/${cluster.name}`, reference);
      }
    }
    for (const engine of docker) {
      const address = 'socket' in engine ? `unix:${engine.socket}` : engine.host;
      references.set(`docker:${environment}/${engine.name}`, { kind: 'docker', address });
    }
  }
  return references;
}

function referenceOf(service: ServiceConfig): CredentialReference {
  switch (service.kind) {
    case 'github': {
      const { url, token = '', app, repositories } = service;
      return app === undefined
        ? { kind: 'server', url, token }
        : { kind: 'github-app', url, app, repositories };
    }
    case 'api':
    case 'mcp':
    case 'prometheus':
    case 'alertmanager': {
      const { url, token } = service;
      return { kind: 'server', url, ...(token === undefined ? {} : { token }) };
    }
    case 'folder':
      return { kind: 'folder', folder: service.path };
    case 'terraform': {
      const { path: folder, hosts = [], cloud = {} } = service;
      return { kind: 'terraform', folder, hosts, cloud };
    }
    default:
      return service satisfies never;
  }
}
