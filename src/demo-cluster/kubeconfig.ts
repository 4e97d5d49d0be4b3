import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeDurably } from './store/journal.ts';

/** A cluster as a kubeconfig names it. */
export interface KubeconfigCluster {
  name: string;
  url: string;
  token: string;
}

/** Writes a kubeconfig with one context for each cluster; the first one is current. Mode 0600. */
export async function writeDemoKubeconfig(
  file: string,
  clusters: readonly KubeconfigCluster[],
): Promise<void> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': clusters[0]?.name ?? '',
    clusters: clusters.map(({ name, url, token }) => ({
      name,
      // There is no TLS on loopback; the JavaScript client insists on hearing so.
      cluster: { server: withPassword(url, token), 'insecure-skip-tls-verify': true },
    })),
    users: clusters.map(({ name, token }) => ({ name: `${name}-demo`, user: { token } })),
    contexts: clusters.map(({ name }) => ({
      name,
      context: { cluster: name, user: `${name}-demo`, namespace: 'shop' },
    })),
  };
  mkdirSync(dirname(file), { recursive: true });
  // A kubeconfig is YAML, and JSON is YAML.
  await writeDurably(file, `${JSON.stringify(config, null, 2)}\n`);
}

/**
 * The address with the token as a password: over plain HTTP kubectl and helm leave the token of the user
 * entry out, but send this.
 */
function withPassword(url: string, token: string): string {
  const address = new URL(url);
  address.username = 'demo';
  address.password = token;
  return address.href.replace(/\/$/, '');
}
