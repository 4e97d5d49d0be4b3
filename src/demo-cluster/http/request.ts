import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { badRequest, pathNotFound, unsupported } from '../failure.ts';
import type { Resource } from '../kinds/resource.ts';
import { answeredKinds, findResource, resources } from '../resources.ts';

/** A request for objects, taken apart. */
export interface ResourceRequest {
  method: string;
  resource: Resource;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
  /** The name for managedFields: `fieldManager`, or the first word of the user agent. */
  manager: string;
}

export type WholeAnswer =
  | { kind: 'json'; code: number; body: unknown; headers?: Record<string, string> }
  | { kind: 'text'; code: number; body: string; headers?: Record<string, string> };

export type Answer =
  | WholeAnswer
  /** The handler writes the response itself, piece by piece. */
  | { kind: 'stream'; start(response: ServerResponse, request: IncomingMessage): void };

export function json(body: unknown, code = 200, headers: Record<string, string> = {}): WholeAnswer {
  return { kind: 'json', code, body, headers };
}

export interface Place {
  group: string;
  version: string;
  rest: string[];
}

/** The API group, version and remaining steps of a path; undefined for a path outside `/api` and `/apis`. */
export function parsePlace(path: string): Place | undefined {
  const steps = path.split('/').slice(1).map(decode);
  if (steps.at(-1) === '') steps.pop();
  const [root, ...rest] = steps;
  if (root === 'api' && rest[0] !== undefined) return { group: '', version: rest[0], rest: rest.slice(1) };
  const [group, version] = rest;
  if (root !== 'apis' || group === undefined || version === undefined) return undefined;
  return { group, version, rest: rest.slice(2) };
}

export interface Target {
  resource: Resource;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
}

/** What a path inside an API version names. */
export function parseTarget({ group, version, rest }: Place): Target {
  const isServed = [...resources, ...answeredKinds].some(
    (each) => each.group === group && each.version === version,
  );
  if (!isServed) throw pathNotFound();
  const steps = [...rest];
  let namespace: string | undefined;
  const isInside =
    steps[0] === 'namespaces' && steps.length > 2 && !namespaceSubresources.has(steps[2] ?? '');
  if (isInside) namespace = steps.splice(0, 2)[1];
  const [plural = '', name, subresource, ...more] = steps;
  const resource = findResource(group, version, plural);
  if (resource === undefined) {
    throw unsupported(`the resource "${plural}" in ${group === '' ? '' : `${group}/`}${version}`, 404);
  }
  if (more.length > 0 && subresource !== 'proxy') throw pathNotFound();
  if (resource.namespaced === (namespace === undefined) && (name !== undefined || namespace !== undefined)) {
    throw pathNotFound();
  }
  return { resource, namespace, name, subresource };
}

const namespaceSubresources = new Set(['status', 'finalize']);

function decode(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    throw badRequest(`invalid URL escape in ${JSON.stringify(step)}`);
  }
}

/** Reads a whole request body. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const limit = 3 * 1024 * 1024;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > limit) throw badRequest(`the request body is larger than ${limit} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
