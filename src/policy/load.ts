import { canonicalJson, sha256 } from '../domain/json.ts';
import type { Policy } from '../domain/ports/policy.ts';
import { prepareEvaluation } from './evaluate.ts';
import { judgeAuthor } from './judge.ts';
import { mayApprove } from './may-approve.ts';
import { strictest } from './outcome.ts';
import { type PolicyFile, policySchemaText } from './package-files.ts';
import { PolicyError, type PolicyProblem } from './problem.ts';
import { type Rule, readRules } from './rules.ts';

export type PolicyOptions = {
  files: readonly PolicyFile[];
  /** How long an ask waits that does not say `@expires`. Four hours unless given. */
  expiresAfterSeconds?: number;
  /** Operations that the person on call may run alone; part of the hash. Empty unless given. */
  breakGlass?: readonly string[];
};

const fourHours = 4 * 3600;

/**
 * Reads, validates and prepares rules; every later question is answered from what was parsed here.
 * Throws PolicyError with all that is wrong, by file, line and column.
 */
export function loadPolicy({
  files,
  expiresAfterSeconds = fourHours,
  breakGlass = [],
}: PolicyOptions): Policy {
  const schema = policySchemaText();
  const { rules, problems } = readAll(files, schema, expiresAfterSeconds);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new PolicyError(errors);
  const texts = files.map(({ text }) => text).sort();
  const hash = sha256(
    canonicalJson({ schema, texts, expiresAfterSeconds, breakGlass: [...breakGlass].sort() }),
  );
  const evaluate = prepareEvaluation(schema, rules);
  const judge: Policy['judge'] = (act, authors) =>
    strictest(authors.map((author) => judgeAuthor(evaluate, act, author)));
  return Object.freeze<Policy>({
    hash,
    judge,
    judgePlan(acts, authors) {
      const outcome = strictest(acts.map((act) => judge(act, authors)));
      const { reason } = outcome;
      if (outcome.kind === 'deny') return { outcome: 'deny', reason };
      if (outcome.kind === 'allow') return { outcome: 'go', approval: { kind: 'none', reason } };
      return { outcome: 'go', approval: { kind: 'ask', reason, ...outcome.ask } };
    },
    breaksGlass(acts) {
      const writes = acts.filter(({ effect }) => effect !== 'read');
      return writes.length > 0 && writes.every(({ operation }) => breakGlass.includes(operation));
    },
    mayApprove: (act, person, approval) => mayApprove(evaluate, act, person, approval),
  });
}

/** Everything that is wrong with files of rules, for `reign policy check`; empty when nothing is. */
export function checkPolicyFiles(files: readonly PolicyFile[]): PolicyProblem[] {
  return readAll(files, policySchemaText(), fourHours).problems;
}

function readAll(files: readonly PolicyFile[], schema: string, expiresAfterSeconds: number) {
  const rules: Rule[] = [];
  const problems: PolicyProblem[] = [];
  files.forEach((file, position) => {
    const read = readRules(file, position, schema, expiresAfterSeconds);
    rules.push(...read.rules);
    problems.push(...read.problems);
  });
  return { rules, problems };
}
