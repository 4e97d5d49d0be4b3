import './wasm-flags.ts';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { type Annotations, type RuleOutcome, readOutcome, refuseOutcome } from './annotations.ts';
import type { PolicyFile } from './package-files.ts';
import { type PolicyProblem, problemAt, problemsOf } from './problem.ts';

/** One permit or forbid. `id` is unique over all files; `name` is what people read. */
export type Rule = {
  id: string;
  name: string;
  text: string;
  reason: string | undefined;
  outcome: RuleOutcome | undefined;
};

/** The rules of one file, and everything that is wrong with it. With an error among the problems, the rules are not to be used. */
export function readRules(
  file: PolicyFile,
  position: number,
  schema: string,
  expiresAfterSeconds: number,
): { rules: Rule[]; problems: PolicyProblem[] } {
  const parts = cedar.policySetTextToParts(file.text);
  if (parts.type === 'failure') return { rules: [], problems: problemsOf(file, parts.errors) };
  const problems = parts.policy_templates.map((text) =>
    problemAt(
      file,
      byteOffset(file.text, text, 0),
      'templates (?principal, ?resource) are not supported: write the rule out',
    ),
  );
  if (problems.length > 0) return { rules: [], problems };
  problems.push(...validationProblems(file, schema));
  const rules = inOrder(file.text, parts.policies).map(({ text, offset }) =>
    readRule(file, position, { text, offset }, expiresAfterSeconds, problems),
  );
  if (rules.length === 0) problems.push(problemAt(file, 0, 'there is no rule in this file', 'warning'));
  return { rules, problems };
}

function validationProblems(file: PolicyFile, schema: string): PolicyProblem[] {
  const answer = cedar.validate({ schema, policies: { staticPolicies: file.text } });
  if (answer.type === 'failure') return problemsOf(file, answer.errors);
  const errors = answer.validationErrors.map(({ error }) => error);
  const warnings = answer.validationWarnings.map(({ error }) => error);
  return distinct([
    ...problemsOf(file, errors),
    ...problemsOf(file, [...warnings, ...answer.otherWarnings], 'warning'),
  ]);
}

/** Cedar tells the same thing again for each action that a rule covers. */
function distinct(problems: readonly PolicyProblem[]): PolicyProblem[] {
  const byPlace = new Map<string, PolicyProblem>();
  for (const problem of problems) {
    const words = problem.message.replace(/ for Action::"[^"]*"/, '');
    const key = `${problem.line}:${problem.column}:${words}`;
    if (!byPlace.has(key)) byPlace.set(key, { ...problem, message: words });
  }
  return [...byPlace.values()];
}

/** Cedar hands the rules back sorted by their numbers read as text (0, 1, 10, 2): puts them in the file's order. */
function inOrder(text: string, policies: readonly string[]): { text: string; offset: number }[] {
  const numbers = policies.map((_, index) => index).sort((a, b) => (String(a) < String(b) ? -1 : 1));
  const ordered: string[] = [];
  numbers.forEach((number, index) => {
    ordered[number] = policies[index] ?? '';
  });
  let from = 0;
  return ordered.map((policy) => {
    const offset = byteOffset(text, policy, from);
    from = Math.max(from, text.indexOf(policy, from) + policy.length);
    return { text: policy, offset };
  });
}

function byteOffset(text: string, part: string, from: number): number {
  return Buffer.byteLength(text.slice(0, Math.max(0, text.indexOf(part, from))));
}

function readRule(
  file: PolicyFile,
  position: number,
  { text, offset }: { text: string; offset: number },
  expiresAfterSeconds: number,
  problems: PolicyProblem[],
): Rule {
  const parsed = cedar.policyToJson(text);
  if (parsed.type === 'failure') {
    problems.push(...problemsOf(file, parsed.errors));
    return { id: `${position}:${offset}`, name: file.path, text, reason: undefined, outcome: undefined };
  }
  const annotations: Annotations = parsed.json.annotations ?? {};
  const wrong: string[] = [];
  const runs = parsed.json.effect === 'permit' && coversExecute(parsed.json.action);
  const outcome = runs ? readOutcome(annotations, expiresAfterSeconds, wrong) : undefined;
  if (!runs) refuseOutcome(annotations, wrong);
  const found = wrong.map((message) => problemAt(file, offset, message));
  problems.push(...found);
  const { line } = problemAt(file, offset, '');
  return {
    id: `${position}:${offset}`,
    name: annotations.id || `${file.path}:${line}`,
    text,
    reason: annotations.reason || undefined,
    outcome,
  };
}

function coversExecute(action: cedar.ActionConstraint): boolean {
  if (action.op === 'All') return true;
  if (action.op === '==') return !('entity' in action) || isExecute(action.entity);
  return 'entities' in action ? action.entities.some(isExecute) : isExecute(action.entity);
}

function isExecute(entity: cedar.EntityUidJson): boolean {
  return ('__entity' in entity ? entity.__entity.id : entity.id) === 'execute';
}
