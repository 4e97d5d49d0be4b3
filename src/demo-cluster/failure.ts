import type { JsonObject } from './json.ts';

/** The part of a resource that error messages name. */
export interface Named {
  group: string;
  plural: string;
  kind: string;
}

export interface Cause {
  reason: string;
  message: string;
  field: string;
}

export interface StatusBody extends JsonObject {
  kind: 'Status';
  code: number;
  message: string;
}

/** A refusal that is answered as a Kubernetes Status object, or as plain text when `text` is set. */
export class ApiFailure extends Error {
  readonly code: number;
  readonly body: StatusBody;
  readonly headers: Record<string, string>;
  readonly text: string | undefined;

  constructor(code: number, reason: string, message: string, more: FailureMore = {}) {
    super(message);
    this.code = code;
    this.headers = more.headers ?? {};
    this.text = more.text;
    const details = more.details === undefined ? {} : { details: more.details };
    const head = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' } as const;
    this.body = { ...head, message, reason, ...details, code };
  }
}

interface FailureMore {
  details?: JsonObject;
  headers?: Record<string, string>;
  text?: string;
}

export function badRequest(message: string): ApiFailure {
  return new ApiFailure(400, 'BadRequest', message);
}

export function unauthorized(): ApiFailure {
  return new ApiFailure(401, 'Unauthorized', 'Unauthorized');
}

/** 403 with the sentence that follows `… is forbidden: `. */
export function forbidden(resource: Named, name: string | undefined, sentence: string): ApiFailure {
  const subject = name === undefined ? qualified(resource) : `${qualified(resource)} "${name}"`;
  const headers = { 'x-content-type-options': 'nosniff' };
  const details = detailsOf(resource, name, resource.plural);
  return new ApiFailure(403, 'Forbidden', `${subject} is forbidden: ${sentence}`, { details, headers });
}

export function notFound(resource: Named, name: string): ApiFailure {
  const details = detailsOf(resource, name, resource.plural);
  return new ApiFailure(404, 'NotFound', `${qualified(resource)} "${name}" not found`, { details });
}

/** The answer to a path no API group serves: plain text, as the real server gives it. */
export function pathNotFound(): ApiFailure {
  const text = '404 page not found\n';
  return new ApiFailure(404, 'NotFound', text, { text, headers: { 'x-content-type-options': 'nosniff' } });
}

/** A thing Kubernetes has and the demo cluster has not. */
export function unsupported(what: string, code: 404 | 405 | 415 | 501 = 501): ApiFailure {
  const reasons = {
    404: 'NotFound',
    405: 'MethodNotAllowed',
    415: 'UnsupportedMediaType',
    501: 'NotImplemented',
  };
  return new ApiFailure(code, reasons[code], `the demo cluster does not support ${what}`, { details: {} });
}

export function methodNotAllowed(): ApiFailure {
  const message = 'the server does not allow this method on the requested resource';
  return new ApiFailure(405, 'MethodNotAllowed', message, { details: {} });
}

export function alreadyExists(resource: Named, name: string): ApiFailure {
  const details = detailsOf(resource, name, resource.plural);
  return new ApiFailure(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`, { details });
}

export function conflict(resource: Named, name: string, why: string): ApiFailure {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`;
  return new ApiFailure(409, 'Conflict', message, { details: detailsOf(resource, name, resource.plural) });
}

export function staleConflict(resource: Named, name: string): ApiFailure {
  const advice = 'please apply your changes to the latest version and try again';
  return conflict(resource, name, `the object has been modified; ${advice}`);
}

export function expired(message: string): ApiFailure {
  return new ApiFailure(410, 'Expired', message);
}

/** A revision this store has not reached: the client speaks of another life of the cluster and must start over. */
export function tooLarge(wanted: string, present: number): ApiFailure {
  const cause = { reason: 'ResourceVersionTooLarge', message: 'Too large resource version' };
  const details = { causes: [cause], retryAfterSeconds: 1 };
  return new ApiFailure(504, 'Timeout', `Too large resource version: ${wanted}, current: ${present}`, {
    details,
  });
}

export function wrongMediaType(): ApiFailure {
  return new ApiFailure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', { details: {} });
}

/** 422 with one cause for each invalid field. */
export function invalid(resource: Named, name: string, causes: Cause[]): ApiFailure {
  const parts = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const list = parts.length === 1 ? parts[0] : `[${parts.join(', ')}]`;
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  const details = { ...detailsOf(resource, name, resource.kind), causes };
  return new ApiFailure(422, 'Invalid', `${kind} "${name}" is invalid: ${list}`, { details });
}

function qualified(resource: Named): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

function detailsOf(resource: Named, name: string | undefined, kind: string): JsonObject {
  const group = resource.group === '' ? {} : { group: resource.group };
  return { ...(name === undefined ? {} : { name }), ...group, kind };
}
