import type { Approval, PolicyOutcome } from '../approval.ts';
import type { Tier } from '../environment.ts';
import type { Person } from '../person.ts';
import type { Effect } from '../risk.ts';

/** What policy is asked about: one step, without its secrets. */
export type PolicyAct = {
  operation: string;
  effect: Effect;
  environment: string | undefined;
  /** `environment/namespace` where the step has one. */
  place: string | undefined;
  tier: Tier;
  objects: number;
  targets: readonly string[];
  /** It is not done, but proposed as a pull request. */
  asPullRequest?: boolean;
};

/** Policy says allow, ask or deny, and fails closed: an error in evaluation is a denial. */
export interface Policy {
  /** Changes whenever any rule does; part of every digest. */
  readonly hash: string;
  /** What is needed before the authors' act may run. Every author must be allowed; the strictest answer wins. */
  judge(act: PolicyAct, authors: readonly Person[]): PolicyOutcome;
  /** Judges all steps of a plan and joins the answers: a denial wins, then the strictest ask. */
  judgePlan(
    acts: readonly PolicyAct[],
    authors: readonly Person[],
  ): { outcome: 'deny'; reason: string } | { outcome: 'go'; approval: Approval };
  /** Whether every write among the acts is on the configured break-glass list; never for none. */
  breaksGlass(acts: readonly PolicyAct[]): boolean;
  /** Whether a person's roles let them agree to an act; says why not in words. */
  mayApprove(
    act: PolicyAct,
    person: Person,
    approval: Approval,
  ): { ok: true } | { ok: false; reason: string };
}
