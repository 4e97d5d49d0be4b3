import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { FaultError } from '../domain/fault.ts';
import type { ServerAccess } from '../domain/ports/credentials.ts';

type Named<Key extends string, Value> = { name: string } & { [K in Key]?: Value };
type Kubeconfig = {
  'current-context'?: string;
  contexts?: Named<'context', { cluster: string; user: string }>[];
  clusters?: Named<'cluster', Record<string, string | boolean>>[];
  users?: Named<'user', Record<string, unknown>>[];
};

/** The usual kubeconfig: the first file of KUBECONFIG, else `~/.kube/config`. */
export function usualKubeconfig(env: NodeJS.ProcessEnv): string {
  const [first] = (env['KUBECONFIG'] ?? '').split(path.delimiter).filter(Boolean);
  return first ?? path.join(os.homedir(), '.kube', 'config');
}

/** The names of a kubeconfig's contexts; empty when there is no such file. Throws FaultError for a broken one. */
export async function kubeconfigContexts(file: string): Promise<string[]> {
  const config = await readKubeconfig(file).catch((error: unknown) => {
    if (error instanceof FaultError && error.fault.code === 'not-found') return undefined;
    throw error;
  });
  return (config?.contexts ?? []).map(({ name }) => name);
}

/**
 * How to reach the cluster of a context: address, trust and credential (token, token file, client certificate).
 * Throws FaultError `unreachable` naming the file, the context and what to do.
 */
export async function kubeconfigAccess(file: string, contextName: string | undefined): Promise<ServerAccess> {
  const config = await readKubeconfig(file);
  const wanted = contextName ?? config['current-context'];
  const context = config.contexts?.find(({ name }) => name === wanted)?.context;
  const fail = (what: string): never => {
    throw new FaultError('unreachable', `${file}: ${what}`);
  };
  if (!context) return fail(`there is no context "${wanted}"; there are ${listNames(config.contexts)}.`);
  const cluster = config.clusters?.find(({ name }) => name === context.cluster)?.cluster;
  const server = cluster?.['server'];
  if (!cluster || typeof server !== 'string')
    return fail(`context "${wanted}" names a cluster without a server.`);
  const user = config.users?.find(({ name }) => name === context.user)?.user ?? {};
  if (user['exec'] || user['auth-provider']) {
    return fail(
      `user "${context.user}" signs in with a plug-in, which Reign does not run; give it a token or a client certificate.`,
    );
  }
  const folder = path.dirname(file);
  const token = await readMaterial(folder, user, 'token', 'tokenFile', false);
  const ca = await readMaterial(folder, cluster, 'certificate-authority-data', 'certificate-authority', true);
  const cert = await readMaterial(folder, user, 'client-certificate-data', 'client-certificate', true);
  const key = await readMaterial(folder, user, 'client-key-data', 'client-key', true);
  const serverName = cluster['tls-server-name'];
  return {
    url: server,
    ...(token ? { headers: { authorization: `Bearer ${token.trim()}` } } : {}),
    tls: {
      ...(ca ? { ca } : {}),
      ...(cert ? { cert } : {}),
      ...(key ? { key } : {}),
      ...(typeof serverName === 'string' ? { serverName } : {}),
      ...(cluster['insecure-skip-tls-verify'] === true ? { insecure: true } : {}),
    },
    secrets: [token?.trim(), key].filter((value) => value !== undefined),
  };
}

async function readKubeconfig(file: string): Promise<Kubeconfig> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const code = error.code === 'ENOENT' ? 'not-found' : 'unreachable';
    throw new FaultError(code, `The kubeconfig ${file} cannot be read: ${error.message}`);
  });
  try {
    return (parse(text) ?? {}) as Kubeconfig;
  } catch (error) {
    throw new FaultError('unreachable', `The kubeconfig ${file} is broken: ${(error as Error).message}`);
  }
}

/** A value that stands in the file (base64 when `encoded`) or in a file of its own. */
async function readMaterial(
  folder: string,
  fields: Record<string, unknown>,
  inline: string,
  byFile: string,
  encoded: boolean,
): Promise<string | undefined> {
  const value = fields[inline];
  if (typeof value === 'string') return encoded ? Buffer.from(value, 'base64').toString('utf8') : value;
  const file = fields[byFile];
  return typeof file === 'string' ? readFile(path.resolve(folder, file), 'utf8') : undefined;
}

function listNames(items: readonly { name: string }[] | undefined): string {
  return (items ?? []).map(({ name }) => `"${name}"`).join(', ') || 'none';
}
