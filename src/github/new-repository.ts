import { z } from 'zod';
import type { ConnectionView } from '../domain/environment.ts';
import { FaultError } from '../domain/fault.ts';
import type { Json } from '../domain/json.ts';
import type { EgressRule, Preview, QuestionOption, UndoContract } from '../domain/operation.ts';
import type { Reader } from '../domain/ports/reader.ts';
import { found, type Octokit, openGithub, said } from './client.ts';
import { candidatesFor, githubConnections, heldInWords, readName, same } from './name.ts';
import { nameOf, pathOf, type Unlocated } from './repository.ts';

/** A repository that is to be made, in full. */
export const newRepositoryInput = z.strictObject({
  environment: z.string(),
  connection: z.string(),
  owner: z.string().regex(/^[A-Za-z0-9-]+$/),
  repo: z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/),
  private: z.boolean(),
  /** Whether the owner is an organisation, or the person that the token belongs to. */
  organisation: z.boolean(),
});
export type NewRepository = z.infer<typeof newRepositoryInput>;

export const newRepositoryRequest = z.strictObject({
  repo: z.string().optional(),
  private: z.boolean().optional(),
});

/** When the write was about to happen: what is older was not made by it. */
export type MadeSince = { at: string };

export type Existing = { id: number; html_url: string; private: boolean; created_at?: string | null };

const skewMilliseconds = 60_000;

/** Where a repository that somebody wants would be; private unless they say otherwise. */
export async function locateNewRepository(
  request: z.infer<typeof newRepositoryRequest>,
  reader: Reader,
): Promise<{ kind: 'new'; input: NewRepository } | Unlocated> {
  const placed = placeFor(request.repo?.trim() ?? '', githubConnections(reader.environments));
  if (placed.kind !== 'place') return placed;
  const { connection, owner, name } = placed;
  const github = await openGithub(reader, connection.id);
  const existing = await findRepository(github, { owner, repo: name });
  if (existing)
    return { kind: 'impossible', reason: `${owner}/${name} exists already: ${existing.html_url}` };
  const organisation = (await found(github.orgs.get({ org: owner }), owner)) !== undefined;
  if (!organisation && !(await isOwnName(github, owner))) {
    const reason = `${owner} is no organisation that the token sees, nor the token's own account.`;
    return { kind: 'impossible', reason };
  }
  const place = { environment: connection.environment, connection: connection.id, owner, repo: name };
  return { kind: 'new', input: { ...place, private: request.private ?? true, organisation } };
}

export function findRepository(
  github: Octokit,
  place: { owner: string; repo: string },
): Promise<Existing | undefined> {
  return found<Existing>(github.repos.get({ owner: place.owner, repo: place.repo }), nameOf(place));
}

/** Makes it; `begun` with a first commit (a README), so that it has a branch. */
export function makeRepository(github: Octokit, input: NewRepository, begun: boolean) {
  const asked = { name: input.repo, private: input.private, ...(begun ? { auto_init: true } : {}) };
  return input.organisation
    ? said(github.repos.createInOrg({ org: input.owner, ...asked }), nameOf(input))
    : said(github.repos.createForAuthenticatedUser(asked), nameOf(input));
}

export async function deleteRepository(github: Octokit, input: NewRepository): Promise<void> {
  await said(github.repos.delete({ owner: input.owner, repo: input.repo }), nameOf(input));
}

/** The requests that make a repository, and delete it again. */
export function newRepositoryEgress(input: NewRepository): EgressRule[] {
  const { connection } = input;
  const path = input.organisation ? `/orgs/${input.owner}/repos` : '/user/repos';
  return [
    { connection, method: 'POST', path },
    { connection, method: 'DELETE', path: pathOf(input) },
  ];
}

/**
 * The repository that a step made, for its undo; undefined where it is gone already.
 * @throws FaultError `world-changed` when it is an older one, or somebody has put something into it.
 */
export async function unusedSince(
  github: Octokit,
  input: NewRepository,
  { at }: MadeSince,
  ownBranches: (names: readonly string[]) => Promise<boolean>,
): Promise<Existing | undefined> {
  const existing = await findRepository(github, input);
  if (existing === undefined) return undefined;
  const place = { owner: input.owner, repo: input.repo, per_page: 2 };
  const older = Date.parse(existing.created_at ?? '') < Date.parse(at) - skewMilliseconds;
  const [branches, issues, releases] = await Promise.all([
    said(github.repos.listBranches(place), nameOf(input)),
    said(github.issues.listForRepo({ ...place, state: 'all' }), nameOf(input)),
    said(github.repos.listReleases(place), nameOf(input)),
  ]);
  const own = await ownBranches(branches.map(({ name }) => name));
  const full = [
    ...(own ? [] : ['branches']),
    ...(issues.length > 0 ? ['issues'] : []),
    ...(releases.length > 0 ? ['releases'] : []),
  ];
  if (!older && full.length === 0) return existing;
  const why = older ? 'is older than this plan' : `is no longer as it was made: it has ${full.join(' and ')}`;
  throw new FaultError(
    'world-changed',
    `${nameOf(input)} ${why}. A repository that is in use is never deleted.`,
  );
}

type Place = { kind: 'place'; connection: ConnectionView; owner: string; name: string };

/** Where a repository of this name belongs; only a connection that holds all of its owner's may make one. */
function placeFor(text: string, connections: readonly ConnectionView[]): Place | Unlocated {
  if (connections.length === 0)
    return { kind: 'impossible', reason: 'No github connection is configured. Add one in reign.yaml.' };
  if (text === '') return askFor('What shall the repository be called (owner/name)?', []);
  const typed = readName(text, connections);
  if (typed === undefined || typed.name.length > 100)
    return { kind: 'impossible', reason: `"${text}" is no name of a repository: it is written owner/name.` };
  const whole = candidatesFor(typed, connections).filter(({ connection, owner }) =>
    connection.holds?.some((each) => same(each, `${owner}/*`)),
  );
  const [only, ...others] = whole;
  if (only !== undefined && others.length === 0) return { kind: 'place', ...only };
  if (only === undefined) {
    const reason = `No github connection holds all of ${typed.owner ?? 'an owner'}'s repositories (owner/*), so none is made there. Configured: ${heldInWords(connections)}.`;
    return { kind: 'impossible', reason };
  }
  const options = whole.map(({ connection, owner, name }) => ({
    label: `${owner}/${name} (${connection.environment})`,
    patch: { repo: `${connection.id}/${owner}/${name}` },
  }));
  return askFor('Where shall it be?', options);
}

function askFor(text: string, options: readonly QuestionOption[]): Unlocated {
  return { kind: 'question', question: { text, field: 'repo', options } };
}

async function isOwnName(github: Octokit, owner: string): Promise<boolean> {
  return same((await said(github.users.getAuthenticated(), 'The token')).login, owner);
}

/** What a card shows before a repository is made; `contents` says in words what it will hold. */
export async function previewNew(
  input: NewRepository,
  reader: Reader,
  { view, contents }: { view: Json; contents: string },
): Promise<Preview> {
  const existing = await findRepository(await openGithub(reader, input.connection), input);
  return {
    ...previewParts(input),
    before: existing === undefined ? null : { id: existing.id },
    after: view,
    fingerprint: { id: existing?.id ?? null },
    summary: `makes the ${visibilityOf(input)} repository ${nameOf(input)}${contents}`,
    warnings: input.private ? [] : ['Everybody on the internet can read a public repository.'],
  };
}

/**
 * The undo of a made repository: deletes it while it holds nothing but what the step put there. `asMade` finds it then,
 * and throws FaultError `world-changed` where somebody else has made it or used it.
 */
export function undoNew<Input extends NewRepository>(
  asMade: (input: Input, captured: MadeSince, reader: Reader) => Promise<Existing | undefined>,
  { viewOf, remains }: { viewOf: (input: Input) => Json; remains: string },
): UndoContract<Input, MadeSince> {
  return {
    kind: 'reversible',
    capture: async (_input, reader) => ({ at: reader.now().toISOString() }),
    async previewRestore(input, captured, reader) {
      const existing = await asMade(input, captured, reader);
      return {
        ...previewParts(input),
        before: existing === undefined ? null : viewOf(input),
        after: null,
        fingerprint: { id: existing?.id ?? null },
        summary:
          existing === undefined
            ? 'There is no such repository.'
            : `deletes ${nameOf(input)}, which ${remains}`,
        warnings: [],
      };
    },
    async restore(input, captured, writer) {
      if ((await asMade(input, captured, writer)) === undefined) return;
      await deleteRepository(await openGithub(writer, input.connection), input);
    },
    async verifyRestored(input, _captured, reader) {
      const gone = (await findRepository(await openGithub(reader, input.connection), input)) === undefined;
      return {
        state: gone ? 'healthy' : 'failed',
        evidence: `${nameOf(input)} is ${gone ? 'gone' : 'there'}.`,
      };
    },
  };
}

export function visibilityOf(input: { private: boolean }): 'private' | 'public' {
  return input.private ? 'private' : 'public';
}

function previewParts({ connection }: NewRepository) {
  return { kind: 'computed' as const, raises: [], server: connection };
}
