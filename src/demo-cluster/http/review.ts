import { timestamp } from '../cluster.ts';
import { methodNotAllowed } from '../failure.ts';
import { isObject, type JsonObject, valueAt } from '../json.ts';
import { parseJson } from './body.ts';
import { type Answer, json } from './request.ts';
import type { User } from './user.ts';

interface ReviewRequest {
  method: string;
  body: string;
  manager: string;
}

/** SelfSubjectAccessReview and SelfSubjectReview; undefined for another path. */
export function review(path: string, request: ReviewRequest, user: User): Answer | undefined {
  const isAccess = path === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const isSelf = path === '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  if (!isAccess && !isSelf) return undefined;
  if (request.method !== 'POST') throw methodNotAllowed();
  const body = parseJson(request.body, 'json parse error: ');
  const metadata = { creationTimestamp: null };
  if (isSelf) {
    const status = { userInfo: { username: user.name, groups: user.groups } };
    return json({ kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1', metadata, status }, 201);
  }
  const spec = isObject(body) && isObject(body.spec) ? body.spec : {};
  const apiVersion = 'authorization.k8s.io/v1';
  const head = {
    manager: request.manager,
    operation: 'Update',
    apiVersion,
    time: timestamp(),
    fieldsType: 'FieldsV1',
  };
  const managedFields = [{ ...head, fieldsV1: { 'f:spec': ownedSpec(spec) } }];
  const status = { allowed: user.mayDoAnything };
  return json(
    { kind: 'SelfSubjectAccessReview', apiVersion, metadata: { managedFields }, spec, status },
    201,
  );
}

function ownedSpec(spec: JsonObject): JsonObject {
  const attributes = valueAt(spec, ['resourceAttributes']);
  const keys = isObject(attributes) ? Object.keys(attributes).sort() : [];
  return { 'f:resourceAttributes': { '.': {}, ...Object.fromEntries(keys.map((key) => [`f:${key}`, {}])) } };
}
