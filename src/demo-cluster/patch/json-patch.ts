import { badRequest } from '../failure.ts';
import { clone, equal, isObject } from '../json.ts';

/** Applies an RFC 6902 patch to a copy of the document. */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch))
    throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  let current = clone(document);
  for (const operation of patch) current = applyOperation(current, operation);
  return current;
}

function applyOperation(document: unknown, operation: unknown): unknown {
  if (!isObject(operation) || typeof operation.path !== 'string')
    throw badRequest('json patch: missing path');
  const path = steps(operation.path);
  switch (operation.op) {
    case 'add':
      return put(document, path, clone(operation.value), true);
    case 'replace':
      read(document, path, 'replace');
      return put(document, path, clone(operation.value), false);
    case 'remove':
      return remove(document, path);
    case 'test':
      if (!equal(read(document, path, 'test'), operation.value)) throw testFailed(operation.path);
      return document;
    case 'move': {
      const from = steps(String(operation.from));
      const value = read(document, from, 'move');
      return put(remove(document, from), path, value, true);
    }
    case 'copy':
      return put(document, path, clone(read(document, steps(String(operation.from)), 'copy')), true);
    default:
      throw badRequest(`json patch: unknown operation ${JSON.stringify(operation.op)}`);
  }
}

function steps(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(document: unknown, path: string[], operation: string): unknown {
  let current = document;
  for (const step of path) {
    const next = Array.isArray(current)
      ? current[Number(step)]
      : isObject(current)
        ? current[step]
        : undefined;
    if (next === undefined) throw missing(operation, path);
    current = next;
  }
  return current;
}

function put(document: unknown, path: string[], value: unknown, insert: boolean): unknown {
  const last = path.at(-1);
  if (last === undefined) return value;
  const parent = read(document, path.slice(0, -1), 'add');
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last);
    if (!Number.isInteger(index) || index < 0 || index > parent.length) throw missing('add', path);
    parent.splice(index, insert ? 0 : 1, value);
  } else if (isObject(parent)) parent[last] = value;
  else throw missing('add', path);
  return document;
}

function remove(document: unknown, path: string[]): unknown {
  read(document, path, 'remove');
  const last = path.at(-1) ?? '';
  const parent = read(document, path.slice(0, -1), 'remove');
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (isObject(parent)) delete parent[last];
  return document;
}

function missing(operation: string, path: string[]): Error {
  return invalidPatch(
    `${operation} operation does not apply: doc is missing path: "/${path.join('/')}": missing value`,
  );
}

function testFailed(path: string): Error {
  return invalidPatch(`testing path ${path} failed`);
}

/** A patch that does not fit the object: the server turns it into a 422. */
export class PatchMismatch extends Error {}

function invalidPatch(message: string): PatchMismatch {
  return new PatchMismatch(message);
}
