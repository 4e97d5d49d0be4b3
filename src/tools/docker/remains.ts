import type Dockerode from 'dockerode';
import type { Json } from '../../domain/json.ts';
import type { Body, ContainerPlan, Endpoint } from './create-container.ts';

type Fields = { [field: string]: Json };
type Info = Dockerode.ContainerInspectInfo;

/** What a container can be made anew from. Variables are part of it, so it is kept with the claim and never shown. */
export type Remains = { plan: ContainerPlan; imageId: string; running: boolean };

/** What is kept of a container, or why it cannot be made anew: what reaches its host does not pass the broker. */
export function remainsOf(info: Info): Remains | { why: string } {
  const host = info.HostConfig as unknown as Fields;
  const why = reachOf(host);
  if (why !== undefined) return { why };
  const { first, networks } = networksOf(info);
  const config = pick(info.Config as unknown as Fields, ownFields);
  if (config['Hostname'] === info.Id.slice(0, 12)) delete config['Hostname'];
  const body = {
    ...config,
    HostConfig: {
      ...pick(host, hostFields),
      Binds: bindsOf(info, host),
      ...(first === undefined ? {} : { NetworkMode: first.name }),
    },
    ...(first === undefined || isBridge(first.name)
      ? {}
      : { NetworkingConfig: { EndpointsConfig: { [first.name]: first.endpoint } } }),
  } as unknown as Body;
  const plan = { name: info.Name.replace(/^\//, ''), body, networks };
  return { plan, imageId: info.Image, running: info.State.Running };
}

const ownFields = [
  ...[
    'Hostname',
    'Domainname',
    'User',
    'Env',
    'Cmd',
    'Entrypoint',
    'Image',
    'Labels',
    'ExposedPorts',
    'Volumes',
  ],
  ...['WorkingDir', 'StopSignal', 'StopTimeout', 'Healthcheck', 'Tty', 'OpenStdin', 'StdinOnce', 'Shell'],
];
const hostFields = [
  ...[
    'Memory',
    'MemoryReservation',
    'MemorySwap',
    'NanoCpus',
    'CpuShares',
    'CpuPeriod',
    'CpuQuota',
    'CpusetCpus',
  ],
  ...['CpusetMems', 'PidsLimit', 'ShmSize', 'BlkioWeight', 'Ulimits', 'Mounts', 'Tmpfs', 'NetworkMode'],
  ...[
    'PortBindings',
    'PublishAllPorts',
    'RestartPolicy',
    'AutoRemove',
    'LogConfig',
    'CapDrop',
    'SecurityOpt',
  ],
  ...['ReadonlyRootfs', 'Init', 'Dns', 'DnsOptions', 'DnsSearch', 'ExtraHosts'],
];
/** What the engine fills in by itself, and gives a container made anew, too. */
const filledIn = [
  'IpcMode',
  'CgroupnsMode',
  'Runtime',
  'MaskedPaths',
  'ReadonlyPaths',
  'ConsoleSize',
  'Isolation',
  'Binds',
];

function reachOf(host: Fields): string | undefined {
  const { Binds, Mounts, NetworkMode, IpcMode, MaskedPaths, ReadonlyPaths, SecurityOpt, Runtime, LogConfig } =
    host;
  const list = (value: Json | undefined) => (Array.isArray(value) ? value : []);
  if (host['Privileged'] === true) return 'it is privileged';
  const folder =
    list(Binds).some((bind) => String(bind).startsWith('/')) ||
    list(Mounts).some((mount) => (mount as Fields)['Type'] === 'bind');
  if (folder) return 'it mounts a folder of the host';
  if (/^(host$|container:)/.test(String(NetworkMode)))
    return 'it shares the network of the host or of another';
  if (!['', 'private', 'shareable', 'none'].includes(String(IpcMode ?? '')))
    return 'it shares memory with others';
  if (list(SecurityOpt).some((option) => !/^no-new-privileges(:true)?$/.test(String(option))))
    return 'it has security options of its own';
  if ([MaskedPaths, ReadonlyPaths].some((paths) => Array.isArray(paths) && paths.length === 0))
    return 'it sees what is hidden from others';
  if (!['', 'runc'].includes(String(Runtime ?? ''))) return 'it has a runtime of its own';
  if (!['', 'json-file', 'local', 'none'].includes(String((LogConfig as Fields | undefined)?.['Type'] ?? '')))
    return 'its log goes elsewhere';
  const known = new Set([...hostFields, ...filledIn]);
  const other = Object.keys(host).find((field) => !known.has(field) && !isEmpty(host[field]));
  return other === undefined ? undefined : `its ${other} is set`;
}

/** Volumes without a name stay when a container goes: they are mounted by their own name again. */
function bindsOf(info: Info, host: Fields): string[] {
  const binds = ((host['Binds'] ?? []) as string[]).slice();
  const mounts = ((host['Mounts'] ?? []) as Fields[]).map((mount) => String(mount['Target']));
  const covered = new Set([...binds.map((bind) => bind.split(':')[1]), ...mounts]);
  for (const { Type, Name, Destination } of info.Mounts)
    if (Type === 'volume' && Name !== undefined && !covered.has(Destination))
      binds.push(`${Name}:${Destination}`);
  return binds.sort();
}

function networksOf({ Id, HostConfig, NetworkSettings }: Info) {
  const mode = HostConfig.NetworkMode ?? 'default';
  const networks: { [name: string]: Endpoint } = {};
  for (const [name, settings] of Object.entries(NetworkSettings.Networks ?? {})) {
    const aliases = ((settings.Aliases ?? []) as string[])
      .filter((alias) => alias !== Id.slice(0, 12))
      .sort();
    const address = settings.IPAMConfig as Fields | null | undefined;
    networks[name] = {
      ...(aliases.length === 0 || isBridge(name) ? {} : { Aliases: aliases }),
      ...(address && !isEmpty(address) ? { IPAMConfig: address } : {}),
    };
  }
  const name = mode === 'default' ? 'bridge' : mode in networks ? mode : Object.keys(networks).sort()[0];
  if (mode === 'none' || name === undefined) return { first: undefined, networks: {} };
  const { [name]: endpoint = {}, ...others } = networks;
  return { first: { name, endpoint }, networks: others };
}

function isBridge(name: string): boolean {
  return name === 'bridge' || name === 'default';
}

function pick(from: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(
    names.filter((name) => !isEmpty(from[name])).map((name) => [name, from[name] as Json]),
  );
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
