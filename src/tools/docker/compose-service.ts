import { FaultError } from '../../domain/fault.ts';
import { mayMount, mountRefused } from '../../domain/host-folder.ts';
import type { Json } from '../../domain/json.ts';
import { splitWords } from '../../domain/shell-words.ts';
import type { ServiceFile } from './compose-schema.ts';
import type { Body, Endpoint } from './create-container.ts';
import { imageProblem, imageReference } from './image.ts';
import { dockerName } from './place.ts';
import { type Port, portBindings, readPorts } from './ports.ts';
import { readMemory } from './run-words.ts';

type Naming = (key: string) => string;
/** What things are called in the project, and which folders of the machine it may mount. */
type Around = { networkNamed: Naming; volumeNamed: Naming; mounts: readonly string[] };
type Pairs = NonNullable<ServiceFile['labels']>;

/** What the engine is told of one service, and the networks besides the first. */
export function bodyOfService(
  service: string,
  said: ServiceFile,
  { networkNamed, volumeNamed, mounts }: Around,
) {
  const fail = (message: string): never => {
    throw new FaultError('bad-request', `The service ${service}: ${message}`);
  };
  const image = imageReference(said.image ?? '');
  if (said.image === undefined) fail('it has no image. Build it with docker.build and name the image.');
  if (image === undefined) return fail(imageProblem(said.image ?? ''));
  const argv = (given: string | string[]) =>
    typeof given === 'string' ? (splitWords(given) ?? fail('a quote of its command does not end.')) : given;
  const ports = portsOf(said, fail);
  const { first, others } = networksOf(service, said, networkNamed);
  const body = {
    ...{ Image: image, Labels: labelsOf(said.labels), Env: variablesOf(said.environment, fail) },
    ...(said.command == null ? {} : { Cmd: argv(said.command) }),
    ...(said.entrypoint == null ? {} : { Entrypoint: argv(said.entrypoint) }),
    ...given('Hostname', said.hostname),
    ...given('User', said.user),
    ...given('WorkingDir', said.working_dir),
    ...given('StopSignal', said.stop_signal),
    ...given(
      'StopTimeout',
      said.stop_grace_period && Math.round(nanoseconds(said.stop_grace_period, fail) / 1e9),
    ),
    ...given('Tty', said.tty),
    ...given('OpenStdin', said.stdin_open),
    ...given('Healthcheck', healthOf(said.healthcheck, fail)),
    ExposedPorts: Object.fromEntries(
      [
        ...Object.keys(portBindings(ports)),
        ...(said.expose ?? []).map((port) => (port.includes('/') ? port : `${port}/tcp`)),
      ].map((port) => [port, {}]),
    ),
    HostConfig: {
      ...hostOf(said, fail),
      ...mountsOf(said, volumeNamed, mounts, fail),
      PortBindings: portBindings(ports),
      NetworkMode: first?.name ?? 'none',
    },
    ...(first === undefined || first.name === 'bridge'
      ? {}
      : { NetworkingConfig: { EndpointsConfig: { [first.name]: first.endpoint } } }),
  };
  return { body: body as unknown as Body, networks: others };
}

export function labelsOf(pairs: Pairs | undefined): { [label: string]: string } {
  if (!Array.isArray(pairs)) return mapValues(pairs ?? {}, (value) => value ?? '');
  return Object.fromEntries(pairs.map((pair) => splitAt(pair)).map(([name, value]) => [name, value ?? '']));
}

type Fail = (message: string) => never;

/** A variable without a value would be taken from the environment of whoever starts Compose. */
function variablesOf(pairs: Pairs | undefined, fail: Fail): string[] {
  const entries = Array.isArray(pairs) ? pairs.map((pair) => splitAt(pair)) : Object.entries(pairs ?? {});
  return entries
    .map(([name, value]) => (value == null ? fail(`its variable ${name} has no value.`) : `${name}=${value}`))
    .sort();
}

function hostOf(said: ServiceFile, fail: Fail): { [field: string]: Json } {
  const limits = said.deploy?.resources?.limits;
  const memory = said.mem_limit ?? limits?.memory;
  const megabytes =
    memory === undefined
      ? undefined
      : (readMemory(String(memory)) ?? fail(`"${memory}" is no amount of memory.`));
  const cpus = said.cpus ?? limits?.cpus;
  const nanoCpus = cpus === undefined ? undefined : Math.round(Number(cpus) * 1e9);
  if (nanoCpus !== undefined && !(nanoCpus > 0)) fail(`"${cpus}" is no number of processors.`);
  return {
    ...given('Memory', megabytes && megabytes * 1024 * 1024),
    ...given('NanoCpus', nanoCpus),
    ...given('PidsLimit', said.pids_limit ?? limits?.pids),
    ...given('Init', said.init),
    ...given('ReadonlyRootfs', said.read_only),
    ...given('CapDrop', said.cap_drop),
    ...given('SecurityOpt', said.security_opt),
    ...given('Dns', typeof said.dns === 'string' ? [said.dns] : said.dns),
    ...given(
      'LogConfig',
      said.logging && { Type: said.logging.driver ?? 'json-file', Config: said.logging.options ?? {} },
    ),
    RestartPolicy: { Name: said.restart ?? 'no' },
  };
}

/** Volumes by name, and folders of the machine that are listed. */
function mountsOf(
  { volumes = [], tmpfs = [] }: ServiceFile,
  volumeNamed: Naming,
  listed: readonly string[],
  fail: Fail,
) {
  const binds: string[] = [];
  const memory: { [path: string]: string } = {};
  for (const path of typeof tmpfs === 'string' ? [tmpfs] : tmpfs) {
    const [target = '', options = ''] = path.split(':');
    memory[target] = options;
  }
  for (const said of volumes) {
    const mount = typeof said === 'string' ? readMount(said) : said;
    const { source = '', target = '', read_only: readOnly = false } = mount ?? {};
    const text = typeof said === 'string' ? said : source;
    const folder = mount?.type === 'bind' || /^[./~]/.test(source);
    if (mount?.type === 'tmpfs') memory[target] = '';
    else if (folder && !mayMount(listed, source, readOnly)) fail(mountRefused(listed, text));
    else if (!target.startsWith('/') || !(folder || dockerName.safeParse(source).success))
      fail(`"${text}" is no volume to mount: write name:/path or name:/path:ro.`);
    else binds.push(`${folder ? source : volumeNamed(source)}:${target}${readOnly ? ':ro' : ''}`);
  }
  return { Binds: binds, Tmpfs: memory };
}

function readMount(text: string) {
  const [source = '', target, mode, ...more] = text.split(':');
  if (target === undefined || more.length > 0 || !['ro', 'rw', undefined].includes(mode)) return undefined;
  return { type: 'volume' as const, source, target, read_only: mode === 'ro' };
}

function portsOf({ ports = [] }: ServiceFile, fail: Fail): Port[] {
  return ports.flatMap((said) => {
    const text =
      typeof said === 'object'
        ? `${said.host_ip ?? '0.0.0.0'}:${said.published}:${said.target}/${said.protocol ?? 'tcp'}`
        : String(said);
    if (!text.includes(':')) fail(`the port ${text} needs one of the host, as in 8080:${text}.`);
    const read = readPorts(text, undefined, '0.0.0.0');
    return typeof read === 'string' ? fail(read) : read;
  });
}

/** The first network is the one that a container is created in. */
function networksOf(service: string, said: ServiceFile, networkNamed: Naming) {
  if (said.network_mode !== undefined)
    return { first: said.network_mode === 'none' ? undefined : { name: 'bridge', endpoint: {} }, others: {} };
  const wanted = said.networks ?? ['default'];
  const keys = Array.isArray(wanted) ? wanted : Object.keys(wanted);
  const aliases = (key: string) => (Array.isArray(wanted) ? [] : (wanted[key]?.aliases ?? []));
  const all = keys.map((key) => ({
    name: networkNamed(key),
    endpoint: { Aliases: [...new Set([service, ...aliases(key)])].sort() } as Endpoint,
  }));
  const [first, ...rest] = all;
  return { first, others: Object.fromEntries(rest.map(({ name, endpoint }) => [name, endpoint])) };
}

function healthOf(said: ServiceFile['healthcheck'], fail: Fail): { [field: string]: Json } | undefined {
  if (said === undefined) return undefined;
  if (said.disable === true) return { Test: ['NONE'] };
  const time = (text: string | undefined) => text && nanoseconds(text, fail);
  return {
    ...given('Test', typeof said.test === 'string' ? ['CMD-SHELL', said.test] : said.test),
    ...given('Interval', time(said.interval)),
    ...given('Timeout', time(said.timeout)),
    ...given('StartPeriod', time(said.start_period)),
    ...given('Retries', said.retries),
  };
}

/** "1m30s", "500ms". */
function nanoseconds(text: string, fail: Fail): number {
  const units: { [unit: string]: number } = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) fail(`"${text}" is no duration.`);
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ''] ?? 0), 0);
}

function given(field: string, value: Json | undefined): { [field: string]: Json } {
  return value === undefined || value === '' ? {} : { [field]: value };
}

function splitAt(pair: string): [string, string | undefined] {
  const cut = pair.indexOf('=');
  return cut === -1 ? [pair, undefined] : [pair.slice(0, cut), pair.slice(cut + 1)];
}

function mapValues<From, To>(
  record: { [key: string]: From },
  to: (value: From) => To,
): { [key: string]: To } {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
}
