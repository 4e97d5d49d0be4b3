import { FaultError } from '../../domain/fault.ts';
import { all, found, type Octokit } from '../../github/client.ts';
import { nameOf, placeOf, type RepositoryInput } from '../../github/repository.ts';
import type { Pull, PullInput } from './pull.ts';

/** Whether a pull request may be merged, and what its base branch asks for. */
export type Readiness = {
  approvals: string[];
  /** By name: success, failure, pending, or missing where the branch asks for it. */
  checks: { [name: string]: string };
  /** Why it can't be merged now; empty when it can. */
  blockers: string[];
  /** What does not stop a merge, but should be seen. */
  warnings: string[];
};

type Demands = { approvals: number; checks: string[]; hidden: boolean };
type Review = { user: { login: string } | null; state: string };

/** Reads reviews, checks and the rules of the base branch. */
export async function readinessOf(github: Octokit, input: PullInput, pull: Pull): Promise<Readiness> {
  const [demands, reviews, checks] = await Promise.all([
    demandsOf(github, input, pull.base.ref),
    reviewsOf(github, input),
    checksOf(github, input, pull.head.sha),
  ]);
  const approvals = loginsWith(reviews, 'APPROVED');
  const against = loginsWith(reviews, 'CHANGES_REQUESTED');
  for (const name of demands.checks) checks[name] ??= 'missing';
  const required = demands.checks.filter((name) => checks[name] !== 'success');
  const others = Object.keys(checks).filter(
    (name) => !demands.checks.includes(name) && checks[name] !== 'success',
  );
  const few = approvals.length < demands.approvals;
  const blockers = [
    ...(pull.draft === true ? ['it is a draft'] : []),
    ...standing(pull),
    ...(few
      ? [`it has ${approvals.length} of ${demands.approvals} approvals that ${pull.base.ref} asks for`]
      : []),
    ...(demands.approvals > 0 && against.length > 0 ? [`${against.join(', ')} asked for changes`] : []),
    ...required.map((name) => `the required check ${name} is ${wordOf(checks[name])}`),
  ];
  const unknown = blockers.length === 0 && pull.mergeable_state === 'blocked';
  return {
    approvals,
    checks,
    blockers: unknown ? [`a rule of ${pull.base.ref} stands against it`] : blockers,
    warnings: [
      ...others.map((name) => `The check ${name} is ${wordOf(checks[name])}.`),
      ...(demands.approvals === 0 && against.length > 0 ? [`${against.join(', ')} asked for changes.`] : []),
      ...(approvals.length === 0 ? ['Nobody has approved it.'] : []),
      ...(demands.hidden
        ? [`The token may not read the rules of ${pull.base.ref}; GitHub checks them.`]
        : []),
    ],
  };
}

/** What GitHub says of the two branches. */
function standing({ mergeable, mergeable_state, base }: Pull): string[] {
  if (mergeable === false || mergeable_state === 'dirty') return [`it conflicts with ${base.ref}`];
  return mergeable_state === 'behind' ? [`it has to be brought up to date with ${base.ref}`] : [];
}

/** The last word of each reviewer counts; a comment takes nothing back. */
export function loginsWith(reviews: readonly Review[], state: 'APPROVED' | 'CHANGES_REQUESTED'): string[] {
  const last = new Map<string, string>();
  for (const { user, state } of reviews) if (state !== 'COMMENTED') last.set(user?.login ?? 'ghost', state);
  return [...last]
    .filter(([, each]) => each === state)
    .map(([login]) => login)
    .sort();
}

export function reviewsOf(github: Octokit, input: PullInput) {
  const asked = { ...placeOf(input), pull_number: input.number };
  return all((paging) => github.pulls.listReviews({ ...asked, ...paging }), `reviews of #${input.number}`);
}

/** What check runs and commit statuses say about a commit, by name. */
export async function checksOf(
  github: Octokit,
  input: RepositoryInput,
  sha: string,
): Promise<{ [name: string]: string }> {
  const asked = { ...placeOf(input), ref: sha, per_page: 100 };
  const what = `checks of ${nameOf(input)}`;
  const [runs, statuses] = await Promise.all([
    ifAllowed(github.checks.listForRef(asked), what),
    ifAllowed(github.repos.getCombinedStatusForRef(asked), what),
  ]);
  const named = (runs?.check_runs ?? []).map(({ name, status, conclusion }): [string, string] => [
    name,
    status === 'completed' ? outcomeOf(conclusion) : 'pending',
  ]);
  const stated = (statuses?.statuses ?? []).map(({ context, state }): [string, string] => [
    context,
    state === 'error' ? 'failure' : state,
  ]);
  return Object.fromEntries([...named, ...stated].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Protection of the branch, as old and as new kinds of rules have it. */
async function demandsOf(github: Octokit, input: PullInput, branch: string): Promise<Demands> {
  const asked = { ...placeOf(input), branch };
  const what = `rules of ${branch}`;
  const [protection, rules] = await Promise.all([
    hiddenOr(github.repos.getBranchProtection(asked), what),
    hiddenOr(github.repos.getBranchRules(asked), what),
  ]);
  const old = protection === 'hidden' ? undefined : protection;
  const fresh = rules === 'hidden' || rules === undefined ? [] : (rules as Rule[]);
  const counts = fresh.map(({ parameters }) => parameters?.required_approving_review_count ?? 0);
  const contexts = fresh.flatMap(({ parameters }) => parameters?.required_status_checks ?? []);
  return {
    approvals: Math.max(
      0,
      old?.required_pull_request_reviews?.required_approving_review_count ?? 0,
      ...counts,
    ),
    checks: [
      ...new Set([
        ...(old?.required_status_checks?.contexts ?? []),
        ...contexts.map(({ context }) => context),
      ]),
    ].sort(),
    hidden: protection === 'hidden' || rules === 'hidden',
  };
}

type Rule = {
  type: string;
  parameters?: {
    required_approving_review_count?: number;
    required_status_checks?: { context: string }[];
  };
};

async function hiddenOr<Data>(
  answer: Promise<{ status: number; data: Data }>,
  what: string,
): Promise<Data | 'hidden' | undefined> {
  try {
    return await found(answer, what);
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === 'not-allowed') return 'hidden';
    throw error;
  }
}

async function ifAllowed<Data>(
  answer: Promise<{ status: number; data: Data }>,
  what: string,
): Promise<Data | undefined> {
  const data = await hiddenOr(answer, what);
  return data === 'hidden' ? undefined : data;
}

function outcomeOf(conclusion: string | null): string {
  return conclusion === 'success' || conclusion === 'neutral' || conclusion === 'skipped'
    ? 'success'
    : 'failure';
}

function wordOf(state: string | undefined): string {
  switch (state) {
    case 'failure':
      return 'failing';
    case 'pending':
      return 'still running';
    default:
      return state ?? 'missing';
  }
}
