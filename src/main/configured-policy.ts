import { type Config, environmentRules } from '../config/index.ts';
import type { Policy } from '../domain/ports/policy.ts';
import { loadPolicy, readPolicyFiles } from '../policy/index.ts';

/** The policy that a configuration names; the same hash wherever it is loaded. Throws PolicyError. */
export function configuredPolicy(config: Config): Policy {
  return loadPolicy({
    files: [...readPolicyFiles(config.policy.files), ...environmentRules(config)],
    expiresAfterSeconds: config.approvals.expireAfterSeconds,
    breakGlass: config.policy.breakGlass,
  });
}
