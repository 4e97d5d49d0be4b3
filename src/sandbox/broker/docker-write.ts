import { isObject } from '../../domain/json.ts';
import { filterBuild, isBuild } from './docker-build.ts';
import { filterCreate } from './docker-create.ts';
import {
  anything,
  type Fields,
  firstRefused,
  isBoolean,
  isEndpoint,
  isNumber,
  isOwnName,
  isString,
} from './docker-fields.ts';
import type { JudgedRequest } from './judgement.ts';
import type { RequestPath } from './request-path.ts';

export type Filtered = { body?: Buffer } | { why: string };

/**
 * Looks into a write to a container engine. Its JSON is written anew, so that what was judged is what the engine
 * reads. Volumes and networks with a driver's options, privileged commands and builds that reach beyond what they are
 * sent are refused.
 */
export function filterDockerWrite(
  { method, path, contentType, body }: JudgedRequest,
  mounts: readonly string[] = [],
): Filtered {
  const route = routeOf(path);
  if (method === 'POST' && isBuild(path)) return filterBuild(path, contentType);
  if (method === 'POST' && route === '/images/create') return filterPull(path, body);
  if (method !== 'DELETE' && unreadable.test(route))
    return { why: 'Imports and swarm commands are not passed on: they cannot be looked into.' };
  const other = method === 'DELETE' ? path.query.find(({ key }) => key !== 'force') : undefined;
  if (other !== undefined)
    return { why: `The parameter ${other.key} is not passed on: it could delete more than is named.` };
  if (body === undefined || body.length === 0) return {};
  // The engine would read a form as parameters.
  if (contentType?.split(';')[0]?.trim() !== 'application/json')
    return { why: 'The body must be sent as application/json.' };
  const value = parse(body);
  if (value === undefined) return { why: 'The body must be one JSON object.' };
  const why = judge(route, value, mounts);
  return why === undefined ? { body: Buffer.from(JSON.stringify(value)) } : { why };
}

function routeOf(path: RequestPath): string {
  return path.path.replace(/^\/v1\.\d{1,3}(?=\/)/, '').replace(/\/$/, '');
}

const unreadable =
  /^\/(?:build|images\/load|commit|session|grpc|plugins|swarm|services|configs|secrets|containers\/[^/]+\/(?:archive|attach))(?:\/|$)/;

const pullParameters = ['fromImage', 'tag', 'platform'];

/** Pulling by name; imports from an address or a body make images that nobody has seen. */
function filterPull(path: RequestPath, body: Buffer | undefined): Filtered {
  if (body !== undefined && !['', '{}'].includes(String(body))) return { why: 'A pull carries no body.' };
  const other = path.query.find(({ key }) => !pullParameters.includes(key));
  return other === undefined ? {} : { why: `The parameter ${other.key} of a pull is not passed on.` };
}

function judge(route: string, value: Record<string, unknown>, mounts: readonly string[]): string | undefined {
  if (route === '/containers/create') return filterCreate(value, mounts);
  if (/^\/containers\/[^/]+\/update$/.test(route)) return filterCreate({ HostConfig: value }, mounts);
  const fields = bodies.find(([pattern]) => pattern.test(route))?.[1] ?? {};
  const other = firstRefused(value, fields);
  return other === undefined ? undefined : `The field ${other} is not passed on.`;
}

const bodies: readonly (readonly [RegExp, Fields])[] = [
  [
    /^\/containers\/[^/]+\/exec$/,
    Object.fromEntries(
      [
        ...['AttachStdin', 'AttachStdout', 'AttachStderr', 'DetachKeys', 'Tty', 'Env', 'Cmd', 'User'],
        'WorkingDir',
      ].map((name) => [name, anything]),
    ),
  ],
  [/^\/exec\/[^/]+\/start$/, { Detach: isBoolean, Tty: isBoolean, ConsoleSize: anything }],
  // The client repeats the query in the body.
  [/^\/containers\/[^/]+\/(?:stop|restart)$/, { t: isNumber }],
  [/^\/images\/.+\/tag$/, { repo: isString, tag: isString }],
  [/^\/volumes\/create$/, { Name: isOwnName, Labels: isObject }],
  [
    /^\/networks\/create$/,
    {
      Name: (name) => isOwnName(name) && name !== 'host',
      Driver: (driver) => driver === '' || driver === 'bridge',
      Labels: isObject,
      ...Object.fromEntries(['CheckDuplicate', 'Internal', 'Attachable'].map((name) => [name, isBoolean])),
    },
  ],
  [/^\/networks\/(?!host\/)[^/]+\/connect$/, { Container: isString, EndpointConfig: isEndpoint }],
  [/^\/networks\/[^/]+\/disconnect$/, { Container: isString, Force: isBoolean }],
];

function parse(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
