import type { Policy } from '../domain/ports/policy.ts';

const most = 5_000;

/**
 * The same policy, asked each question once: its answers depend on nothing but the question (acts, and the authors'
 * names and roles) and its rules never change. A step asks at its claim and again when the credential is released.
 */
export function memoisePolicy(policy: Policy): Policy {
  const judgements = new Map<string, ReturnType<Policy['judgePlan']>>();
  return {
    hash: policy.hash,
    judge: (act, authors) => policy.judge(act, authors),
    mayApprove: (act, person, approval) => policy.mayApprove(act, person, approval),
    judgePlan(acts, authors) {
      const key = JSON.stringify([acts, authors]);
      const known = judgements.get(key);
      if (known) return known;
      const judged = policy.judgePlan(acts, authors);
      if (judgements.size >= most) judgements.clear();
      judgements.set(key, judged);
      return judged;
    },
  };
}
