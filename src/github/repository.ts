import { z } from 'zod';
import { FaultError } from '../domain/fault.ts';
import { nearNames } from '../domain/near-names.ts';
import type { Question, QuestionOption } from '../domain/operation.ts';
import type { Reader } from '../domain/ports/reader.ts';
import type { Assessment, Effect } from '../domain/risk.ts';
import { all, found, type Octokit, openGithub, said } from './client.ts';
import { type Candidate, candidatesFor, githubConnections, heldInWords, readName } from './name.ts';

/** Which repository, in full; part of the input of every operation on one. */
export const repositoryInput = z.strictObject({
  environment: z.string(),
  connection: z.string(),
  owner: z.string().regex(/^[A-Za-z0-9_.-]+$/),
  repo: z.string().regex(/^[A-Za-z0-9_.-]+$/),
  /** A repository made anew under the same name is another one. */
  repositoryId: z.number().int(),
});
export type RepositoryInput = z.infer<typeof repositoryInput>;

export type Repository = {
  id: number;
  full_name: string;
  default_branch: string;
  archived?: boolean;
  private: boolean;
  has_issues?: boolean;
  allow_merge_commit?: boolean | undefined;
  allow_squash_merge?: boolean | undefined;
  allow_rebase_merge?: boolean | undefined;
};

export type Unlocated = { kind: 'question'; question: Question } | { kind: 'impossible'; reason: string };

export type Located = { kind: 'located'; at: RepositoryInput; github: Octokit; repository: Repository };

/**
 * The one repository that a request means. A bare name is completed when one connection's repositories fit; several
 * and none are a question, and a repository of no connection is refused.
 */
export async function locateRepository(
  request: { repo?: string | undefined },
  reader: Reader,
  verb: string,
): Promise<Located | Unlocated> {
  const connections = githubConnections(reader.environments);
  if (connections.length === 0) {
    const reason = 'No github connection is configured. Add one under an environment in reign.yaml.';
    return { kind: 'impossible', reason };
  }
  const text = request.repo?.trim() ?? '';
  if (text === '') return onlyOne(reader, verb);
  const typed = readName(text, connections);
  if (typed === undefined)
    return { kind: 'impossible', reason: `"${text}" is no repository: it is written owner/name.` };
  const candidates = candidatesFor(typed, connections);
  if (candidates.length === 0) {
    const whole = typed.owner === undefined ? typed.name : `${typed.owner}/${typed.name}`;
    const reason = `${whole} belongs to no github connection. Configured: ${heldInWords(connections)}.`;
    return { kind: 'impossible', reason };
  }
  const looked = await Promise.all(candidates.map((candidate) => open(reader, candidate)));
  const there = looked.filter((each) => each !== undefined);
  const [only, ...others] = there;
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined)
    return askWhich(
      `Several repositories are called ${text}. Which one?`,
      there.map(({ candidate }) => candidate),
    );
  return notThere(reader, candidates, typed.name);
}

/** A write needs a repository that still takes changes. */
export async function locateForWrite(
  request: { repo?: string | undefined },
  reader: Reader,
  verb: string,
): Promise<Located | Unlocated> {
  const located = await locateRepository(request, reader, verb);
  if (located.kind !== 'located' || located.repository.archived !== true) return located;
  const reason = `${nameOf(located.at)} is archived: GitHub lets nobody change it. Unarchive it first.`;
  return { kind: 'impossible', reason };
}

/** @throws FaultError `world-changed` when the repository is gone, or another one has its name. */
export async function openRepository(
  reader: Reader,
  input: RepositoryInput,
): Promise<{ github: Octokit; repository: Repository }> {
  const github = await openGithub(reader, input.connection);
  const repository = await found<Repository>(github.repos.get(placeOf(input)), nameOf(input));
  if (repository?.id === input.repositoryId) return { github, repository };
  const what = repository === undefined ? 'is gone' : 'is another repository by now';
  throw new FaultError('world-changed', `${nameOf(input)} ${what}. Nothing was done.`);
}

export function placeOf({ owner, repo }: RepositoryInput): { owner: string; repo: string } {
  return { owner, repo };
}

export function nameOf({ owner, repo }: { owner: string; repo: string }): string {
  return `${owner}/${repo}`;
}

/** Where the API has the repository; nothing in it needs encoding. */
export function pathOf(input: { owner: string; repo: string }): string {
  return `/repos/${nameOf(input)}`;
}

/** The path of any one of a repository's numbered things: which number it gets is not known before the write. */
export function numbered(input: { owner: string; repo: string }, below: string): RegExp {
  return new RegExp(`${pathOf(input).replaceAll('.', '\\.')}/${below}/\\d+`);
}

/** What a write touches, below the repository; names of GitHub have no case. */
export function targetOf(input: { owner: string; repo: string }, below?: string): string {
  return `github:${nameOf(input).toLowerCase()}${below === undefined ? '' : `/${below}`}`;
}

export function assessRepository(
  input: RepositoryInput,
  effect: Effect,
  below: readonly string[],
  reasons: readonly string[] = [],
): Assessment {
  const targets = below.length === 0 ? [targetOf(input)] : below.map((each) => targetOf(input, each));
  const { environment } = input;
  return { effect, targets, environment, place: environment, objects: effect === 'read' ? 0 : 1, reasons };
}

/** Options for a question about which repository: those listed by name, and what owners have. */
async function optionsOf(reader: Reader): Promise<Candidate[]> {
  const lists = githubConnections(reader.environments).flatMap((connection) =>
    (connection.holds ?? []).map(async (pattern) => {
      const [owner = '', name = ''] = pattern.split('/');
      const names = name === '*' ? await namesOf(await openGithub(reader, connection.id), owner) : [name];
      return names.map((each) => ({ connection, owner, name: each }));
    }),
  );
  return (await Promise.all(lists)).flat();
}

async function namesOf(github: Octokit, owner: string): Promise<string[]> {
  const asOrganisation = await found(
    github.repos.listForOrg({ org: owner, per_page: 100, sort: 'pushed' }),
    owner,
  );
  const repositories =
    asOrganisation ??
    (await found(github.repos.listForUser({ username: owner, per_page: 100, sort: 'pushed' }), owner));
  return (repositories ?? []).map(({ name }) => name);
}

async function onlyOne(reader: Reader, verb: string): Promise<Located | Unlocated> {
  const candidates = await optionsOf(reader);
  const [only, ...others] = candidates;
  const opened = only !== undefined && others.length === 0 ? await open(reader, only) : undefined;
  return opened ?? askWhich(`Which repository do you want to ${verb}?`, candidates);
}

async function notThere(reader: Reader, candidates: readonly Candidate[], name: string): Promise<Unlocated> {
  const known = await optionsOf(reader);
  const near = new Set(
    nearNames(
      name,
      known.map((each) => each.name),
    ),
  );
  const options = known.filter((each) => near.has(each.name));
  const names = [...new Set(candidates.map((each) => `${each.owner}/${each.name}`))].join(' or ');
  if (options.length > 0) return askWhich(`There is no repository ${names}. Did you mean this?`, options);
  const reason = `There is no repository ${names}, or the connection's token may not see it.`;
  return { kind: 'impossible', reason };
}

function askWhich(text: string, candidates: readonly Candidate[]): Unlocated {
  const options = candidates.slice(0, 10).map(({ connection, owner, name }): QuestionOption => {
    const label = `${owner}/${name} (${connection.environment})`;
    return { label, patch: { repo: `${connection.id}/${owner}/${name}` } };
  });
  return { kind: 'question', question: { text, field: 'repo', options } };
}

async function open(
  reader: Reader,
  candidate: Candidate,
): Promise<(Located & { candidate: Candidate }) | undefined> {
  const { connection, owner, name } = candidate;
  const github = await openGithub(reader, connection.id);
  const repository = await found<Repository>(github.repos.get({ owner, repo: name }), `${owner}/${name}`);
  if (repository === undefined) return undefined;
  const [trueOwner = owner, trueName = name] = repository.full_name.split('/');
  const { environment, id } = connection;
  const at = { environment, connection: id, owner: trueOwner, repo: trueName, repositoryId: repository.id };
  return { kind: 'located', at, github, repository, candidate };
}

/** The names of all branches, 1000 at most. */
export async function branchNames(github: Octokit, input: RepositoryInput): Promise<string[]> {
  const place = placeOf(input);
  const branches = await all((paging) => github.repos.listBranches({ ...place, ...paging }), nameOf(input));
  return branches.map(({ name }) => name);
}

/** The commit at a branch's head; undefined when there is no such branch. */
export async function headOf(
  github: Octokit,
  input: RepositoryInput,
  branch: string,
): Promise<string | undefined> {
  const what = `branch ${branch} of ${nameOf(input)}`;
  try {
    const ref = await found(github.git.getRef({ ...placeOf(input), ref: `heads/${branch}` }), what);
    return ref?.object.sha;
  } catch (error) {
    // An empty repository is a conflict to GitHub.
    if (error instanceof FaultError && error.fault.code === 'conflict') return undefined;
    throw error;
  }
}

/** The commit that a branch, tag or commit name means. */
export async function commitOf(github: Octokit, input: RepositoryInput, ref: string): Promise<string> {
  const what = `${ref} in ${nameOf(input)}`;
  return (await said(github.repos.getCommit({ ...placeOf(input), ref }), what)).sha;
}
