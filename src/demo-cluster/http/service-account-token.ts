import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { type Cluster, timestamp } from '../cluster.ts';
import { type Cause, invalid, unsupported } from '../failure.ts';
import { isObject, type JsonObject } from '../json.ts';
import { tokenRequestSchema } from '../schema/others.ts';
import { parseJson, readKind, requireJson } from './body.ts';
import { liveObject } from './read.ts';
import { type Answer, json, type ResourceRequest } from './request.ts';

/** Who a token is for. */
export interface ServiceAccountUser {
  namespace: string;
  name: string;
  uid: string;
}

/** What tokens are for unless they say otherwise, and the only ones that this API takes. */
const ownAudience = 'https://kubernetes.default.svc.cluster.local';
const [usual, shortest] = [3600, 600];

/** POST of the subresource `token`: a token of a service account that ends by itself; a dry run is passed over. */
export function requestToken(cluster: Cluster, request: ResourceRequest): Answer {
  const { metadata } = liveObject(cluster, request);
  requireJson(request);
  const body = readKind(parseJson(request.body, 'json parse error: '), 'TokenRequest', tokenRequestSchema);
  const spec = isObject(body.spec) ? body.spec : {};
  if (spec.boundObjectRef !== undefined && spec.boundObjectRef !== null)
    throw unsupported('tokens that are bound to another object (spec.boundObjectRef)');
  const seconds = typeof spec.expirationSeconds === 'number' ? spec.expirationSeconds : usual;
  const causes = lifeProblems(seconds);
  const named = { group: 'authentication.k8s.io', plural: 'tokenrequests', kind: 'TokenRequest' };
  if (causes.length > 0) throw invalid(named, '', causes);
  const given = Array.isArray(spec.audiences) ? spec.audiences : [];
  const audiences = given.length > 0 ? given : [ownAudience];
  const now = Math.floor(Date.now() / 1000);
  const { namespace = '', name, uid } = metadata;
  const claims = {
    ...{ aud: audiences, exp: now + seconds, iat: now, iss: ownAudience, jti: randomUUID() },
    'kubernetes.io': { namespace, serviceaccount: { name, uid } },
    ...{ nbf: now, sub: `system:serviceaccount:${namespace}:${name}` },
  };
  return json(
    {
      ...{ kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1' },
      metadata: { name, namespace, creationTimestamp: timestamp() },
      spec: { audiences, expirationSeconds: seconds, boundObjectRef: null },
      status: { token: sign(cluster, claims), expirationTimestamp: timestamp((now + seconds) * 1000) },
    },
    201,
  );
}

/** Whose token it is; undefined for one that is none, has ended, is for others, or whose account is gone. */
export function readServiceAccountToken(cluster: Cluster, token: string): ServiceAccountUser | undefined {
  const [head = '', payload = '', signature = '', ...more] = token.split('.');
  const [given, wanted] = [Buffer.from(signature), Buffer.from(signatureOf(cluster, `${head}.${payload}`))];
  if (more.length > 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as JsonObject & {
    aud: string[];
    exp: number;
    'kubernetes.io': { namespace: string; serviceaccount: { name: string; uid: string } };
  };
  const { namespace, serviceaccount } = claims['kubernetes.io'];
  const live = cluster.store.get('serviceaccounts', namespace, serviceaccount.name);
  if (claims.exp * 1000 <= Date.now() || !claims.aud.includes(ownAudience)) return undefined;
  return live?.metadata.uid === serviceaccount.uid ? { namespace, ...serviceaccount } : undefined;
}

function lifeProblems(seconds: number): Cause[] {
  const why =
    seconds < shortest
      ? 'may not specify a duration less than 10 minutes'
      : seconds > 2 ** 32
        ? 'may not specify a duration larger than 2^32 seconds'
        : undefined;
  const field = 'spec.expirationSeconds';
  if (why === undefined) return [];
  return [{ reason: 'FieldValueInvalid', message: `Invalid value: ${seconds}: ${why}`, field }];
}

/** A JWT like the real one, but with the cluster's own secret in the place of a key pair. */
function sign(cluster: Cluster, claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${content}.${signatureOf(cluster, content)}`;
}

function signatureOf({ secret }: Cluster, content: string): string {
  const key = createHash('sha256').update(`tokens of service accounts ${secret}`).digest();
  return createHmac('sha256', key).update(content).digest('base64url');
}
