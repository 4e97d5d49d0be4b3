import { isObject } from '../../domain/json.ts';
import { type JudgedRequest, type Judgement, needsRule, read, refuse } from './judgement.ts';
import { type KubernetesPath, parseKubernetesPath } from './kubernetes-path.ts';
import { pairsNamed } from './request-path.ts';

/** Subresources that only show something; `exec`, `attach`, `portforward`, `proxy` and unknown ones act or tunnel. */
const readableParts = new Set(['status', 'scale', 'log', 'ephemeralcontainers', 'resize', 'approval']);

/** Subresources whose writes honour dryRun. Others ignore it and act: a token is issued, a command runs. */
const dryRunParts = new Set(['status', 'scale', 'eviction', 'ephemeralcontainers', 'resize']);

/** Creates that only answer a question about the asker. */
const questions = new Set([
  'authentication.k8s.io/selfsubjectreviews',
  'authorization.k8s.io/selfsubjectaccessreviews',
  'authorization.k8s.io/selfsubjectrulesreviews',
]);

/**
 * Judges a request to a Kubernetes API server. Reads are GET and HEAD of objects, discovery and health, questions about
 * the own rights, and writes that the server only tries (`dryRun=All`).
 */
export function judgeKubernetes(request: JudgedRequest): Judgement {
  const path = parseKubernetesPath(request.path.segments);
  if (path === undefined) return refuse('This path of the Kubernetes API is not passed on.');
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return judgeRead(path);
    case 'POST':
    case 'PUT':
    case 'PATCH':
    case 'DELETE':
      return judgeWrite(request, path);
    default:
      return refuse(`${request.method} is not passed on.`);
  }
}

function judgeRead(path: KubernetesPath): Judgement {
  if (path.kind === 'other' || path.part === undefined || readableParts.has(path.part)) return read;
  return refuse(`Reading ${path.part} acts or opens a tunnel; it is not passed on.`);
}

function judgeWrite(request: JudgedRequest, path: KubernetesPath): Judgement {
  if (path.kind === 'other') return refuse('Only objects can be written.');
  if (request.method === 'POST' && path.name === undefined && questions.has(`${path.group}/${path.resource}`))
    return read;
  const named = pairsNamed(request.path, 'dryRun');
  if (named.length === 0) return needsRule('It writes: it is no dry run.');
  if (named.length > 1 || named[0]?.raw !== 'dryRun=All')
    return refuse('A dry run says dryRun=All exactly once and spelled so.');
  if (path.part !== undefined && !dryRunParts.has(path.part))
    return needsRule(`There is no dry run of ${path.part}: the server would act.`);
  return request.method === 'DELETE' ? judgeDeleteBody(request) : read;
}

/**
 * The options in the body of a DELETE override the query, so they must ask for the dry run too. What was understood
 * is what is sent: the body is written anew.
 */
function judgeDeleteBody({ body }: JudgedRequest): Judgement {
  if (body === undefined || body.length === 0) return read;
  const options = parseOptions(body);
  if (options === undefined) return refuse('The options of a delete must be one JSON object.');
  const keys = Object.keys(options).filter((key) => key.toLowerCase() === 'dryrun');
  const { dryRun } = options;
  const asks = Array.isArray(dryRun) && dryRun.length === 1 && dryRun[0] === 'All';
  if (keys.length !== 1 || !asks)
    return refuse('The body of a delete overrides the query: it must say "dryRun": ["All"] too.');
  return { verdict: 'read', body: Buffer.from(JSON.stringify(options)) };
}

function parseOptions(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
