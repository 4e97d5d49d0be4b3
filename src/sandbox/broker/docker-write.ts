import { filterCreate } from './docker-create.ts';
import type { JudgedRequest } from './judgement.ts';
import type { RequestPath } from './request-path.ts';

export type Filtered = { body?: Buffer } | { why: string };

/**
 * Looks into a write to a container engine. Its JSON is written anew, so that what was judged is what the engine
 * reads. Creating volumes with a driver's options, privileged commands and builds are refused.
 */
export function filterDockerWrite({ method, path, body }: JudgedRequest): Filtered {
  const route = path.path.replace(/^\/v1\.\d{1,3}(?=\/)/, '').replace(/\/$/, '');
  if (method === 'POST' && route === '/images/create') return filterPull(path, body);
  if (method !== 'DELETE' && unreadable.test(route))
    return { why: 'Builds, imports and swarm commands are not passed on: they cannot be looked into.' };
  if (body === undefined || body.length === 0) return {};
  const value = parse(body);
  if (value === undefined) return { why: 'The body must be one JSON object.' };
  const why = judge(route, value);
  return why === undefined ? { body: Buffer.from(JSON.stringify(value)) } : { why };
}

const unreadable =
  /^\/(?:build|images\/load|commit|session|grpc|plugins|swarm|services|configs|secrets|containers\/[^/]+\/(?:archive|attach))(?:\/|$)/;

const pullParameters = ['fromImage', 'tag', 'platform'];

/** Pulling by name; imports from an address or a body make images that nobody has seen. */
function filterPull(path: RequestPath, body: Buffer | undefined): Filtered {
  if (body !== undefined && body.length > 0) return { why: 'A pull carries no body.' };
  const other = path.query.find(({ key }) => !pullParameters.includes(key));
  return other === undefined ? {} : { why: `The parameter ${other.key} of a pull is not passed on.` };
}

function judge(route: string, value: Record<string, unknown>): string | undefined {
  if (route === '/containers/create') return filterCreate(value);
  if (/^\/containers\/[^/]+\/update$/.test(route)) return filterCreate({ HostConfig: value });
  if (/^\/containers\/[^/]+\/exec$/.test(route)) return onlyFields(value, execFields);
  if (route === '/volumes/create') return onlyFields(value, ['Name', 'Labels']);
  if (/^\/networks\/[^/]+\/(?:connect|disconnect)$/.test(route)) return undefined;
  if (/^\/exec\/[^/]+\/start$/.test(route)) return undefined;
  return onlyFields(value, []);
}

const execFields = [
  'AttachStdin',
  'AttachStdout',
  'AttachStderr',
  'DetachKeys',
  'Tty',
  'Env',
  'Cmd',
  'User',
  'WorkingDir',
];

function onlyFields(value: Record<string, unknown>, fields: readonly string[]): string | undefined {
  const other = Object.keys(value).find((key) => !fields.includes(key) && !isEmpty(value[key]));
  return other === undefined ? undefined : `The field ${other} is not passed on.`;
}

/** Nothing, false, 0, '' and empty lists and objects: what a field means when it is left out. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function parse(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
