import type { EgressRule } from '../../domain/operation.ts';
import type { RequestPath } from './request-path.ts';

/** Whether a rule names the request: same connection, same method, the whole path as sent or decoded. */
export function ruleMatches(
  rule: EgressRule,
  connection: string,
  method: string,
  path: RequestPath,
): boolean {
  if (rule.connection !== connection || rule.method !== method) return false;
  const { path: wanted } = rule;
  if (typeof wanted === 'string') return wanted === path.path || wanted === path.decoded;
  const whole = new RegExp(`^(?:${wanted.source})$`, wanted.flags.replace(/[gmy]/g, ''));
  return whole.test(path.decoded);
}
