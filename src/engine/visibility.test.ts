import { expect, test } from 'vitest';
import { z } from 'zod';
import type { AnyOperation, OperationCatalogue } from '../domain/operation.ts';
import { type Person, parseRoleBinding } from '../domain/person.ts';
import { loadPolicy, readPolicyFiles } from '../policy/index.ts';
import { plan, record, step } from './fixtures.ts';
import { maySeeEverything, maySeePlan } from './visibility.ts';

const operation = {
  id: 'kubernetes.scale',
  version: 1,
  input: z.object({ environment: z.string(), namespace: z.string() }),
  assess: ({ environment, namespace }: { environment: string; namespace: string }) => ({
    effect: 'update',
    targets: ['k8s:u'],
    environment,
    place: `${environment}/${namespace}`,
    objects: 1,
    reasons: [],
  }),
} as unknown as AnyOperation;
const catalogue: OperationCatalogue = {
  all: [operation],
  find: (id) => (id === operation.id ? operation : undefined),
};
const environments = [
  { name: 'staging', tier: 'nonproduction' as const, aliases: [], connections: [] },
  { name: 'production', tier: 'production' as const, aliases: [], connections: [] },
];
const engine = { catalogue, environments, policy: loadPolicy({ files: readPolicyFiles(['default']) }) };
const person = (name: string, ...roles: string[]): Person => ({
  name,
  roles: roles.map(parseRoleBinding),
  principals: [],
});
const at = (environment: string, namespace = 'shop') => step({ input: { environment, namespace } });

test.each([
  ['a viewer', person('vic', 'viewer'), [at('staging'), at('production')], true],
  ['an operator of the place', person('sam', 'operator@staging'), [at('staging')], true],
  ['an operator of another place', person('sam', 'operator@staging'), [at('production')], false],
  [
    'who may see only a part of it',
    person('sam', 'operator@staging'),
    [at('staging'), at('production')],
    false,
  ],
  ['a lead of the namespace', person('nina', 'lead@production/shop'), [at('production')], true],
  [
    'a lead of another namespace',
    person('nina', 'lead@production/shop'),
    [at('production', 'payments')],
    false,
  ],
  ['somebody without roles', person('nobody'), [at('staging')], false],
  ['who asked for it, whatever they may do now', person('alice'), [at('production')], true],
])('%s', (_, who, steps, sees) => {
  expect(maySeePlan(engine, record(plan(), ...steps), who)).toBe(sees);
});

test('what is not understood is shown only to whom nothing is hidden', () => {
  const unknown = record(plan(), step({ operation: 'gone.away' }));
  expect(maySeePlan(engine, unknown, person('sam', 'operator@staging'))).toBe(false);
  expect(maySeePlan(engine, unknown, person('vic', 'viewer'))).toBe(true);
  expect(maySeeEverything(person('nobody'))).toBe(false);
});
