import { type JudgedRequest, type Judgement, needsRule, read, refuse } from './judgement.ts';

/** Judges a request to an HTTP API that nothing more is known of: GET and HEAD read, everything else needs a rule. */
export function judgeApi({ method }: JudgedRequest): Judgement {
  if (method === 'GET' || method === 'HEAD') return read;
  if (['POST', 'PUT', 'PATCH', 'DELETE'].includes(method)) return needsRule('It may change something.');
  return refuse(`${method} is not passed on.`);
}
