import { type JudgedRequest, type Judgement, needsRule, read, refuse } from '../judgement.ts';

const hash = '[0-9a-f]{64}';
const readable = new RegExp(`^/(?:listing|file|state|about|plans/${hash}|plan-files/${hash})$`);
const plan = new RegExp(`^/plans/${hash}$`);

/**
 * Judges a request to a Terraform workspace: files, the state, and what is known of it are read; a plan file may be
 * left by who only looks, since it changes nothing until it is approved. Locks and states are written with a rule.
 */
export function judgeTerraform({ method, path }: JudgedRequest): Judgement {
  if (method === 'GET' && readable.test(path.path)) return read;
  if (method === 'PUT' && plan.test(path.path)) return read;
  if (method === 'POST' && path.path === '/state') return needsRule('It writes the state.');
  if ((method === 'LOCK' || method === 'UNLOCK') && path.path === '/lock')
    return needsRule('It locks the state.');
  return refuse(`A Terraform workspace does not answer ${method} ${path.path}.`);
}
