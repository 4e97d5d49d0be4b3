import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FaultError } from '../domain/fault.ts';
import type { ServerAccess } from '../domain/ports/credentials.ts';

/** Where every pod finds the token of its service account. */
const folder = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * How a pod reaches the API of its own cluster, with the token of its service account, which is renewed in its file.
 * Throws FaultError `unreachable` outside of a cluster.
 */
export async function inClusterAccess(env: NodeJS.ProcessEnv): Promise<ServerAccess> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = env;
  if (host === undefined || !existsSync(folder))
    throw new FaultError(
      'unreachable',
      'Reign runs in no cluster here, or its pod has no token. Set sandbox.pod.context to a context of a kubeconfig.',
    );
  const [token, ca] = await Promise.all([read('token'), read('ca.crt')]);
  const url = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return { url, headers: { authorization: `Bearer ${token}` }, tls: { ca }, secrets: [token] };
}

/** The namespace of the own pod; undefined outside of a cluster. */
export async function inClusterNamespace(): Promise<string | undefined> {
  return existsSync(folder) ? read('namespace') : undefined;
}

async function read(name: string): Promise<string> {
  return (await readFile(path.join(folder, name), 'utf8')).trim();
}
