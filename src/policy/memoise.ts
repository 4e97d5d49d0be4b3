import type { Policy } from '../domain/ports/policy.ts';

/** Answers that are kept of each kind; then all are forgotten. */
const most = 20_000;

/**
 * The same policy, asked each question once: its answers depend on nothing but the question (acts, and the authors'
 * names and roles) and its rules never change. A step asks at its claim and again when the credential is released.
 */
export function memoisePolicy(policy: Policy): Policy {
  return {
    hash: policy.hash,
    breaksGlass: (acts) => policy.breaksGlass(acts),
    judge: memoise((act, authors) => policy.judge(act, authors)),
    mayApprove: memoise((act, person, approval) => policy.mayApprove(act, person, approval)),
    judgePlan: memoise((acts, authors) => policy.judgePlan(acts, authors)),
  };
}

function memoise<Question extends unknown[], Answer>(
  ask: (...question: Question) => Answer,
): (...question: Question) => Answer {
  const answers = new Map<string, Answer>();
  return (...question) => {
    const key = JSON.stringify(question);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask(...question);
    if (answers.size >= most) answers.clear();
    answers.set(key, answer);
    return answer;
  };
}
