import { type Person, parseRoleBinding } from '../domain/person.ts';
import type { PolicyAct } from '../domain/ports/policy.ts';

/** A person for tests, with roles as they stand in reign.yaml. */
export function person(name: string, ...roles: string[]): Person {
  return { name, roles: roles.map(parseRoleBinding), principals: [] };
}

/** A production write for tests, changed as given. */
export function act(changes: Partial<PolicyAct> = {}): PolicyAct {
  return {
    operation: 'kubernetes.scale',
    effect: 'update',
    environment: 'production',
    place: 'production/shop',
    tier: 'production',
    objects: 1,
    targets: ['k8s:uid/shop/deployment/checkout'],
    ...changes,
  };
}

/** The same act outside production. */
export function stagingAct(changes: Partial<PolicyAct> = {}): PolicyAct {
  return act({ environment: 'staging', place: 'staging/shop', tier: 'nonproduction', ...changes });
}
