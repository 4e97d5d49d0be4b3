import type { z } from 'zod';
import type { CloudAccess } from '../domain/cloud.ts';
import { defined } from '../domain/defined.ts';
import type { ClusterConfig, DockerConfig, EnvironmentConfig, ServiceConfig } from './config.ts';
import type { cloudSchema } from './environment-schema.ts';
import { gitopsOf } from './gitops.ts';
import type { RawConfig } from './schema.ts';

/** Makes an environment of what was read; `path` makes paths absolute, `mcp` are the servers that belong to it. */
export function environmentOf(
  name: string,
  raw: RawConfig['environments'][string],
  shellForAll: RawConfig['shell'],
  path: (text: string) => string,
  mcp: readonly ServiceConfig[],
): EnvironmentConfig {
  const clusters = Object.entries(raw.clusters ?? {}).map(
    ([name, { context, kubeconfig, demo, serviceAccount, impersonate = false }]): ClusterConfig => ({
      name,
      demo: demo ?? false,
      ...defined({
        impersonate: impersonate === false ? undefined : { groups: groupsOf(impersonate) },
        context,
        serviceAccount,
        kubeconfig: kubeconfig === undefined ? undefined : path(kubeconfig),
      }),
    }),
  );
  const docker = Object.entries(raw.docker ?? {}).map(
    ([name, { socket, host, mounts = [] }]): DockerConfig =>
      host === undefined
        ? { name, mounts, socket: path(socket ?? '/var/run/docker.sock') }
        : { name, mounts, host },
  );
  const services = [...servicesOf(raw, path), ...mcp];
  const { tier, aliases = [], writes = true, hosts = [] } = raw;
  const shell = [raw.shell, shellForAll].flatMap((list) => (list ? [defined(list)] : []));
  const gitops = gitopsOf(name, raw);
  const facts = { name, tier, aliases, writes: writes === true || writes === 'pull-request' };
  return { ...facts, ...defined({ gitops }), clusters, docker, services, hosts, shell };
}

function groupsOf(impersonate: true | { groups?: string[] | undefined }): readonly string[] {
  return impersonate === true ? [] : (impersonate.groups ?? []);
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
    ...named(raw.terraform).map(
      ([name, { path: each, workspace = 'default', state = 'reign', ...outside }]) => {
        const { hosts, cloud } = outside;
        const more = defined({ hosts, cloud: cloud && cloudOf(cloud, from) });
        return { kind: 'terraform' as const, name, path: path(each), workspace, state, ...more };
      },
    ),
  ];
}

function cloudOf(
  { aws, google, azure }: z.output<typeof cloudSchema>,
  from: (reference: string) => string,
): CloudAccess {
  const { keys, webIdentity, ...role } = aws ?? {};
  const secrets = defined({
    keys: keys && { ...keys, secret: from(keys.secret) },
    webIdentity: webIdentity && from(webIdentity),
  });
  return defined({
    aws: aws && defined({ ...role, ...secrets }),
    google: google && defined(google),
    azure,
  }) as CloudAccess;
}

/** `file:` references are relative to the configuration. */
export function withPath(reference: string, path: (text: string) => string): string {
  return reference.startsWith('file:') ? `file:${path(reference.slice(5))}` : reference;
}
