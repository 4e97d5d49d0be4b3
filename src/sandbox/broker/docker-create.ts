import { mayMount } from '../../domain/host-folder.ts';
import { isObject } from '../../domain/json.ts';
import {
  anything,
  asObject,
  type Check,
  everyItem,
  type Fields,
  firstRefused,
  isEndpoint,
  isNumber,
  isOwnName,
  isString,
  only,
} from './docker-fields.ts';

/**
 * Why a container may not be created so; undefined when it may. Only fields that stay within the container pass with a
 * value; every other field, in whatever spelling, must be empty or left out.
 */
export function filterCreate(body: Record<string, unknown>, mounts: readonly string[]): string | undefined {
  return (
    refusal(body, topFields, 'a container') ??
    refusal(asObject(body.HostConfig), hostFieldsWith(mounts), 'HostConfig') ??
    refusal(asObject(body.NetworkingConfig), { EndpointsConfig: noHostNetwork }, 'NetworkingConfig')
  );
}

function refusal(value: Record<string, unknown>, fields: Fields, where: string): string | undefined {
  const key = firstRefused(value, fields);
  return key === undefined
    ? undefined
    : `The field ${key} of ${where} may not be set so: it could reach the host.`;
}

const isNetworkMode: Check = (value) => value === '' || (isOwnName(value) && value !== 'host');

const noHostNetwork: Check = (value) =>
  isObject(value) &&
  Object.entries(asObject(value)).every(
    ([name, endpoint]) => name.toLowerCase() !== 'host' && (endpoint === null || isEndpoint(endpoint)),
  );

/** `volume:/path[:options]`, or a folder of the host that is listed. */
const isBind =
  (mounts: readonly string[]): Check =>
  (value) => {
    if (typeof value !== 'string') return false;
    if (/^[A-Za-z0-9][A-Za-z0-9_.-]*:\/[^:]*(?::(?:ro|rw|nocopy|z)(?:,(?:ro|rw|nocopy|z))*)?$/.test(value))
      return true;
    const [source = '', target = '', mode, ...more] = value.split(':');
    const plain = target.startsWith('/') && more.length === 0 && (mode === undefined || mode === 'ro');
    return plain && mayMount(mounts, source, mode === 'ro');
  };

const mountFields: Fields = {
  Type: (value) => value === 'volume' || value === 'tmpfs',
  Source: isOwnName,
  Target: isString,
  ReadOnly: anything,
  Consistency: isString,
  TmpfsOptions: isObject,
  VolumeOptions: only({ NoCopy: anything, Labels: isObject }),
};

const isMount: Check = (value) =>
  mountFields.Type?.(asObject(value).Type) === true && only(mountFields)(value);

/** A list that hides at least what the engine hides by itself. */
const coversDefaults =
  (defaults: readonly string[]): Check =>
  (value) =>
    Array.isArray(value) && defaults.every((path) => value.includes(path));

const maskedPaths = ['/proc/kcore', '/proc/keys', '/proc/timer_list', '/proc/sched_debug', '/sys/firmware'];
const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

const resourceFields = Object.fromEntries(
  [
    ...[
      'Memory',
      'MemoryReservation',
      'MemorySwap',
      'MemorySwappiness',
      'NanoCpus',
      'CpuShares',
      'CpuPeriod',
    ],
    ...['CpuQuota', 'CpuRealtimePeriod', 'CpuRealtimeRuntime', 'CpuCount', 'CpuPercent', 'PidsLimit'],
    ...['ShmSize', 'BlkioWeight', 'IOMaximumIOps', 'IOMaximumBandwidth', 'KernelMemory', 'KernelMemoryTCP'],
  ].map((name) => [name, isNumber]),
);

const isPrivateNamespace: Check = (value) => value === '' || value === 'private' || value === 'none';

const hostFieldsWith = (mounts: readonly string[]): Fields => ({
  ...hostFields,
  Binds: everyItem(isBind(mounts)),
});

const hostFields: Fields = {
  ...resourceFields,
  CpusetCpus: isString,
  CpusetMems: isString,
  Ulimits: everyItem(isObject),
  Mounts: everyItem(isMount),
  Tmpfs: isObject,
  NetworkMode: isNetworkMode,
  PortBindings: isObject,
  PublishAllPorts: anything,
  RestartPolicy: isObject,
  AutoRemove: anything,
  LogConfig: only({
    Type: (type) => ['', 'json-file', 'local', 'none'].includes(String(type)),
    Config: isObject,
  }),
  CapDrop: everyItem(isString),
  SecurityOpt: everyItem((option) => option === 'no-new-privileges' || option === 'no-new-privileges:true'),
  ReadonlyRootfs: anything,
  Init: anything,
  Dns: everyItem(isString),
  DnsOptions: everyItem(isString),
  DnsSearch: everyItem(isString),
  ExtraHosts: everyItem(isString),
  ConsoleSize: everyItem(isNumber),
  IpcMode: isPrivateNamespace,
  CgroupnsMode: isPrivateNamespace,
  Isolation: (value) => value === '' || value === 'default',
  Runtime: (value) => value === '' || value === 'runc',
  MaskedPaths: coversDefaults(maskedPaths),
  ReadonlyPaths: coversDefaults(readonlyPaths),
};

const topFields: Fields = Object.fromEntries([
  ...['Image', 'Hostname', 'Domainname', 'User', 'WorkingDir', 'StopSignal', 'MacAddress'].map((name) => [
    name,
    isString,
  ]),
  ...['Cmd', 'Entrypoint', 'Env', 'Labels', 'ExposedPorts', 'Volumes', 'Shell', 'OnBuild', 'Healthcheck'].map(
    (name) => [name, anything],
  ),
  ...['Tty', 'OpenStdin', 'StdinOnce', 'AttachStdin', 'AttachStdout', 'AttachStderr', 'ArgsEscaped'].map(
    (name) => [name, anything],
  ),
  ...['StopTimeout', 'NetworkDisabled'].map((name) => [name, anything]),
  ['HostConfig', isObject],
  ['NetworkingConfig', isObject],
]);
