import type { PolicyOutcome } from '../domain/approval.ts';
import type { EnvironmentView } from '../domain/environment.ts';
import type { Person } from '../domain/person.ts';
import type { Policy, PolicyAct } from '../domain/ports/policy.ts';
import type { Effect } from '../domain/risk.ts';
import { wordsForAsk } from './words.ts';

export type ExplainWorld = {
  people: readonly Person[];
  environments: readonly EnvironmentView[];
  catalogue: readonly { id: string; effect: Effect }[];
};

/** Each field that is given narrows the rows to what equals it. */
export type ExplainFilter = { operation?: string; environment?: string; person?: string };

/** Who may do one operation at one place, and what it then needs. People whom different rules hold for have rows of their own. */
export type ExplainRow = {
  operation: string;
  effect: Effect;
  /** An environment, or a namespace or cluster below it that somebody's role is bound to. */
  place: string;
  /** `several` is only listed for deletions that are judged differently from a single one. */
  objects: 'one' | 'several';
  /** Names of those who may ask; none where nobody may. */
  people: readonly string[];
  outcome: 'allow' | 'ask' | 'deny';
  /** Who must agree, in words; absent unless somebody must. */
  needs?: string;
  /** Names of those who may agree; of them only who is no author where `needs` says so. */
  approvers: readonly string[];
  reason: string;
};

/** Answers "who may do this, and who must approve" for every operation and place, sorted as the catalogue is. */
export function explain(policy: Policy, world: ExplainWorld, filter: ExplainFilter = {}): ExplainRow[] {
  const operations = world.catalogue.filter(({ id }) => id === (filter.operation ?? id));
  const environments = world.environments.filter(({ name }) => name === (filter.environment ?? name));
  return operations.flatMap((operation) =>
    environments.flatMap((environment) =>
      placesIn(environment.name, world.people).flatMap((place) =>
        rowsFor(policy, world.people, actAt(operation, environment, place), filter.person),
      ),
    ),
  );
}

function placesIn(environment: string, people: readonly Person[]): string[] {
  const scopes = people
    .flatMap(({ roles }) => roles.map(({ scope }) => scope ?? ''))
    .filter((scope) => scope.startsWith(`${environment}/`));
  return [environment, ...new Set(scopes.sort())];
}

function actAt(
  operation: ExplainWorld['catalogue'][number],
  environment: EnvironmentView,
  place: string,
): PolicyAct {
  return {
    operation: operation.id,
    effect: operation.effect,
    environment: environment.name,
    place,
    tier: environment.tier,
    objects: 1,
    targets: [],
  };
}

function rowsFor(
  policy: Policy,
  people: readonly Person[],
  act: PolicyAct,
  person: string | undefined,
): ExplainRow[] {
  const one = rowsForObjects(policy, people, act, person);
  if (act.effect !== 'delete') return one;
  const several = rowsForObjects(policy, people, { ...act, objects: 2 }, person);
  const facts = (rows: readonly ExplainRow[]) =>
    JSON.stringify(rows.map(({ people, outcome, needs }) => [people, outcome, needs]));
  return facts(one) === facts(several) ? one : [...one, ...several];
}

function rowsForObjects(
  policy: Policy,
  people: readonly Person[],
  act: PolicyAct,
  person: string | undefined,
): ExplainRow[] {
  const asked = people.filter(({ name }) => name === (person ?? name));
  const groups = new Map<string, { outcome: PolicyOutcome; names: string[] }>();
  for (const one of asked) {
    const outcome = policy.judge(act, [one]);
    if (outcome.kind === 'deny' && person === undefined) continue;
    const key = JSON.stringify(outcome);
    const group = groups.get(key) ?? { outcome, names: [] };
    group.names.push(one.name);
    groups.set(key, group);
  }
  if (groups.size === 0) {
    groups.set('', {
      outcome: { kind: 'deny', reason: 'no policy lets any of the people do this' },
      names: [],
    });
  }
  return [...groups.values()].map(({ outcome, names }) => rowOf(policy, people, act, outcome, names));
}

function rowOf(
  policy: Policy,
  people: readonly Person[],
  act: PolicyAct,
  outcome: PolicyOutcome,
  names: readonly string[],
): ExplainRow {
  const row: ExplainRow = {
    operation: act.operation,
    effect: act.effect,
    place: act.place ?? '',
    objects: act.objects > 1 ? 'several' : 'one',
    people: outcome.kind === 'deny' ? [] : names,
    outcome: outcome.kind,
    approvers: [],
    reason: outcome.reason,
  };
  if (outcome.kind !== 'ask') return row;
  const approval = { kind: 'ask', reason: outcome.reason, ...outcome.ask } as const;
  const approvers = people.filter((person) => policy.mayApprove(act, person, approval).ok);
  return { ...row, needs: wordsForAsk(outcome.ask), approvers: approvers.map(({ name }) => name) };
}
