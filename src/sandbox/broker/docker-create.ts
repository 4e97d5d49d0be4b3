import { isEmpty } from './docker-write.ts';

type Check = (value: unknown) => boolean;

/**
 * Why a container may not be created so; undefined when it may. Only fields that stay within the container pass with a
 * value; every other field, in whatever spelling, must be empty or left out.
 */
export function filterCreate(body: Record<string, unknown>): string | undefined {
  return (
    firstRefused(body, topFields, 'a container') ??
    firstRefused(asObject(body.HostConfig), hostFields, 'HostConfig') ??
    firstRefused(asObject(body.NetworkingConfig), { EndpointsConfig: noHostNetwork }, 'NetworkingConfig')
  );
}

function firstRefused(
  value: Record<string, unknown>,
  fields: Readonly<Record<string, Check>>,
  where: string,
): string | undefined {
  for (const [key, given] of Object.entries(value)) {
    const check = Object.hasOwn(fields, key) ? fields[key] : isEmpty;
    if (given !== null && check?.(given) !== true)
      return `The field ${key} of ${where} may not be set so: it could reach the host.`;
  }
  return undefined;
}

const anything: Check = () => true;
const isString: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number';
const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const everyItem =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** A name of a volume or network: no path, and none of the engine's words for namespaces of others. */
const isOwnName: Check = (value) => typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(value);

const isNetworkMode: Check = (value) => value === '' || (isOwnName(value) && value !== 'host');

const noHostNetwork: Check = (value) =>
  isObject(value) && !Object.keys(value as object).some((name) => name.toLowerCase() === 'host');

/** `volume:/path[:options]`, never a folder of the host. */
const isVolumeBind: Check = (value) =>
  typeof value === 'string' &&
  /^[A-Za-z0-9][A-Za-z0-9_.-]*:\/[^:]*(?::(?:ro|rw|nocopy|z)(?:,(?:ro|rw|nocopy|z))*)?$/.test(value);

const mountFields: Readonly<Record<string, Check>> = {
  Type: (value) => value === 'volume' || value === 'tmpfs',
  Source: isOwnName,
  Target: isString,
  ReadOnly: anything,
  Consistency: isString,
  TmpfsOptions: isObject,
  VolumeOptions: (value) =>
    isObject(value) &&
    firstRefused(asObject(value), { NoCopy: anything, Labels: isObject }, '') === undefined,
};

const isMount: Check = (value) =>
  isObject(value) &&
  mountFields.Type?.(asObject(value).Type) === true &&
  firstRefused(asObject(value), mountFields, '') === undefined;

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

const hostFields: Readonly<Record<string, Check>> = {
  ...resourceFields,
  CpusetCpus: isString,
  CpusetMems: isString,
  Ulimits: everyItem(isObject),
  Binds: everyItem(isVolumeBind),
  Mounts: everyItem(isMount),
  Tmpfs: isObject,
  NetworkMode: isNetworkMode,
  PortBindings: isObject,
  PublishAllPorts: anything,
  RestartPolicy: isObject,
  AutoRemove: anything,
  LogConfig: (value) => ['', 'json-file', 'local', 'none'].includes(String(asObject(value).Type ?? '')),
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

const topFields: Readonly<Record<string, Check>> = Object.fromEntries([
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

function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? (value as Record<string, unknown>) : {};
}
