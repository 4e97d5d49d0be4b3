import type { Role } from './person.ts';

/** What policy says of one act. Stricter outcomes win when several policies match. */
export type PolicyOutcome =
  | { kind: 'allow'; reason: string }
  | { kind: 'ask'; ask: Ask; reason: string }
  | { kind: 'deny'; reason: string };

/** Who must agree. `notAuthor` keeps everybody out whose words shaped the plan. */
export type Ask = {
  quorum: number;
  roles: readonly Role[];
  notAuthor: boolean;
  expiresAfterSeconds: number;
};

/** What a plan as a whole needs before it may start. */
export type Approval = { kind: 'none'; reason: string } | ({ kind: 'ask'; reason: string } & Ask);

export type Verdict = 'approve' | 'reject' | 'request-changes';

/**
 * How a decision was come to: a person's click or command, or the requester's right to undo their own plan
 * within the hour, which the gateway grants and signs. `break-glass` is the person on call alone; `review` is others'
 * judgement of that afterwards, and lets nothing run.
 */
export type DecisionVia = 'button' | 'command' | 'undo-hour' | 'break-glass' | 'review';

/** The signed facts of a decision. `signature` is the gateway's Ed25519 over the canonical JSON of the rest. */
export type Decision = {
  id: string;
  planId: string;
  revision: number;
  digest: string;
  person: string;
  verdict: Verdict;
  via: DecisionVia;
  reason?: string;
  at: string;
  signature: string;
};

export type UnsignedDecision = Omit<Decision, 'signature'>;

/** The stricter of two approvals: more people, higher roles, nobody who wrote it, sooner expiry. */
export function stricterAsk(a: Ask, b: Ask): Ask {
  const roles = a.roles.filter((role) => b.roles.includes(role));
  return {
    quorum: Math.max(a.quorum, b.quorum),
    roles,
    notAuthor: a.notAuthor || b.notAuthor,
    expiresAfterSeconds: Math.min(a.expiresAfterSeconds, b.expiresAfterSeconds),
  };
}

/** The canonical content that is signed: every field but the signature, absent ones left out. */
export function decisionContent(decision: UnsignedDecision): UnsignedDecision {
  const { id, planId, revision, digest, person, verdict, via, reason, at } = decision;
  return {
    id,
    planId,
    revision,
    digest,
    person,
    verdict,
    via,
    at,
    ...(reason === undefined ? {} : { reason }),
  };
}
