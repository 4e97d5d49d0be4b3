import './wasm-flags.ts';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { FaultError } from '../domain/fault.ts';
import { canonicalJson, sha256 } from '../domain/json.ts';
import type { Role } from '../domain/person.ts';
import type { PolicyAct } from '../domain/ports/policy.ts';
import { namespaceOf, tierOfAct } from './place.ts';
import type { Rule } from './rules.ts';

export type PolicyAction = 'request' | 'execute' | 'approve';

/** What Cedar said: the rules that decided, or why it could not be asked. */
export type Evaluation =
  | { kind: 'permitted' | 'forbidden'; rules: readonly Rule[] }
  | { kind: 'broken'; reason: string };

/** Asks Cedar about one person with roles and one act. */
export type Evaluate = (
  action: PolicyAction,
  act: PolicyAct,
  person: string,
  held: readonly Role[],
) => Evaluation;

/**
 * Parses the rules once, under a name made of their content, so that two sets never mix.
 * Throws FaultError `internal` when Cedar refuses what it has just validated.
 */
export function prepareEvaluation(schema: string, rules: readonly Rule[]): Evaluate {
  const staticPolicies = Object.fromEntries(rules.map(({ id, text }) => [id, text]));
  const name = sha256(canonicalJson({ schema, staticPolicies }));
  demandSuccess(cedar.preparseSchema(name, schema));
  demandSuccess(cedar.preparsePolicySet(name, { staticPolicies }));
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return (action, act, person, held) =>
    readAnswer(cedar.statefulIsAuthorized(callOf(name, action, act, person, held)), byId);
}

/** Any error is an evaluation that cannot be trusted: Cedar would skip the rule and go on, even if it forbids. */
function readAnswer(answer: cedar.AuthorizationAnswer, byId: ReadonlyMap<string, Rule>): Evaluation {
  if (answer.type === 'failure') {
    return { kind: 'broken', reason: answer.errors.map(({ message }) => message).join('; ') };
  }
  const { decision, diagnostics } = answer.response;
  if (diagnostics.errors.length > 0) {
    const reasons = diagnostics.errors.map(
      ({ policyId, error }) => `${byId.get(policyId)?.name ?? policyId}: ${error.message}`,
    );
    return { kind: 'broken', reason: reasons.sort().join('; ') };
  }
  const rules = diagnostics.reason.flatMap((id) => byId.get(id) ?? []);
  if (rules.length !== diagnostics.reason.length)
    return { kind: 'broken', reason: 'an unknown rule decided' };
  return { kind: decision === 'allow' ? 'permitted' : 'forbidden', rules };
}

function callOf(
  name: string,
  action: PolicyAction,
  act: PolicyAct,
  person: string,
  held: readonly Role[],
): cedar.StatefulAuthorizationCall {
  const principal = { type: 'Person', id: person };
  const resource = { type: 'Operation', id: act.operation };
  const tool = { type: 'Tool', id: act.operation.split('.')[0] ?? act.operation };
  const parents = held.map((role) => ({ type: 'Role', id: role }));
  return {
    principal,
    action: { type: 'Action', id: action },
    resource,
    context: contextOf(act),
    preparsedSchemaName: name,
    validateRequest: true,
    preparsedPolicySetId: name,
    entities: [
      { uid: principal, attrs: {}, parents },
      { uid: resource, attrs: {}, parents: [tool] },
    ],
  };
}

function contextOf(act: PolicyAct): cedar.Context {
  const namespace = namespaceOf(act);
  return {
    effect: { __entity: { type: 'Effect', id: act.effect } },
    tier: { __entity: { type: 'Tier', id: tierOfAct(act) } },
    objects: act.objects,
    targets: [...act.targets],
    asPullRequest: act.asPullRequest ?? false,
    ...(act.environment === undefined ? {} : { environment: act.environment }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

function demandSuccess(answer: cedar.CheckParseAnswer): void {
  if (answer.type === 'success') return;
  const reason = answer.errors.map(({ message }) => message).join('; ');
  throw new FaultError('internal', `Cedar refused the policy: ${reason}`);
}
