import { z } from 'zod';
import type { ConnectionView } from '../../domain/environment.ts';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation, type UndoContract } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { found, type Octokit, openGithub, said } from '../../github/client.ts';
import { approvedOf, refuseChanged, writeParts } from '../../github/guarded-write.ts';
import { candidatesFor, githubConnections, heldInWords, readName, same } from '../../github/name.ts';
import { nameOf, pathOf, targetOf, type Unlocated } from '../../github/repository.ts';
import { ask } from './ask.ts';
import { examples } from './create_repo.examples.ts';

const createInput = z.strictObject({
  environment: z.string(),
  connection: z.string(),
  owner: z.string().regex(/^[A-Za-z0-9-]+$/),
  repo: z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/),
  private: z.boolean(),
  /** Whether the owner is an organisation, or the person that the token belongs to. */
  organisation: z.boolean(),
});
type CreateInput = z.infer<typeof createInput>;

/** When the write was about to happen: what is older was not made by it. */
type CreateUndo = { at: string };

const skewMilliseconds = 60_000;

const undo: UndoContract<CreateInput, CreateUndo> = {
  kind: 'reversible',
  capture: async (_input, reader) => ({ at: reader.now().toISOString() }),
  async previewRestore(input, captured, reader) {
    const { found } = await madeAndEmpty(input, captured, reader);
    return {
      ...previewParts(input),
      before: found === undefined ? null : viewOf(input),
      after: null,
      fingerprint: { id: found?.id ?? null },
      summary:
        found === undefined
          ? 'There is no such repository.'
          : `deletes ${nameOf(input)}, which is still empty`,
      warnings: [],
    };
  },
  async restore(input, captured, writer) {
    const { github, found } = await madeAndEmpty(input, captured, writer);
    if (found !== undefined)
      await said(github.repos.delete({ owner: input.owner, repo: input.repo }), nameOf(input));
  },
  async verifyRestored(input, _captured, reader) {
    const gone = (await find(await openGithub(reader, input.connection), input)) === undefined;
    return {
      state: gone ? 'healthy' : 'failed',
      evidence: `${nameOf(input)} is ${gone ? 'gone' : 'there'}.`,
    };
  },
};

export const createRepo = defineOperation({
  ...writeParts,
  id: 'github.create_repo',
  version: 1,
  summary: 'Makes an empty repository; private unless public is asked for.',
  effect: 'create',
  request: z.strictObject({ repo: z.string().optional(), private: z.boolean().optional() }),
  input: createInput,
  output: z.object({ repo: z.string(), url: z.string() }),
  examples,
  undo,
  async resolve(request, reader) {
    const placed = placeFor(request.repo?.trim() ?? '', githubConnections(reader.environments));
    if (placed.kind !== 'place') return placed;
    const { connection, owner, name } = placed;
    const github = await openGithub(reader, connection.id);
    const existing = await find(github, { owner, repo: name });
    if (existing)
      return { kind: 'impossible', reason: `${owner}/${name} exists already: ${existing.html_url}` };
    const organisation = (await found(github.orgs.get({ org: owner }), owner)) !== undefined;
    if (!organisation && !(await isOwnName(github, owner))) {
      const reason = `${owner} is no organisation that the token sees, nor the token's own account.`;
      return { kind: 'impossible', reason };
    }
    const place = { environment: connection.environment, connection: connection.id, owner, repo: name };
    return { kind: 'input', input: { ...place, private: request.private ?? true, organisation } };
  },
  assess: (input) => ({
    effect: 'create',
    targets: [targetOf(input)],
    environment: input.environment,
    place: input.environment,
    objects: 1,
    reasons: input.private ? [] : ['everybody can read it'],
  }),
  describe: (input) => ({
    title: `Make the ${visibility(input)} repository ${nameOf(input)} (${input.environment})`,
    byHand: `gh repo create ${nameOf(input)} --${visibility(input)}`,
  }),
  async preview(input, reader) {
    const existing = await find(await openGithub(reader, input.connection), input);
    return {
      ...previewParts(input),
      before: existing === undefined ? null : { id: existing.id },
      after: viewOf(input),
      fingerprint: { id: existing?.id ?? null },
      summary: `makes the ${visibility(input)} repository ${nameOf(input)}, empty`,
      warnings: input.private ? [] : ['Everybody on the internet can read a public repository.'],
    };
  },
  egress: (input) => {
    const { connection } = input;
    const path = input.organisation ? `/orgs/${input.owner}/repos` : '/user/repos';
    return [
      { connection, method: 'POST', path },
      { connection, method: 'DELETE', path: pathOf(input) },
    ];
  },
  async execute(input, writer, context) {
    const approved = approvedOf(context);
    const github = await openGithub(writer, input.connection);
    const existing = await find(github, input);
    refuseChanged(nameOf(input), approved.fingerprint, { id: existing?.id ?? null });
    const asked = { name: input.repo, private: input.private };
    const made = input.organisation
      ? await said(github.repos.createInOrg({ org: input.owner, ...asked }), nameOf(input))
      : await said(github.repos.createForAuthenticatedUser(asked), nameOf(input));
    return { repo: made.full_name, url: made.html_url };
  },
  async landed(input, reader) {
    const existing = await find(await openGithub(reader, input.connection), input);
    if (existing === undefined) return 'no';
    // It carries no mark: somebody else may have made one of this name in the same moment.
    return existing.private === input.private ? 'yes' : 'unclear';
  },
  async verify(input, reader) {
    const existing = await find(await openGithub(reader, input.connection), input);
    if (existing === undefined) return { state: 'failed', evidence: `${nameOf(input)} is not there.` };
    const good = existing.private === input.private;
    const is = existing.private ? 'private' : 'public';
    return { state: good ? 'healthy' : 'failed', evidence: `${nameOf(input)} is there and ${is}.` };
  },
  render: ({ repo, url }) => ({ kind: 'text', text: `Made ${repo}: ${url}` }),
});

type Place = { kind: 'place'; connection: ConnectionView; owner: string; name: string };

/** Where a repository of this name belongs; only a connection that holds all of its owner's may make one. */
function placeFor(text: string, connections: readonly ConnectionView[]): Place | Unlocated {
  if (connections.length === 0)
    return { kind: 'impossible', reason: 'No github connection is configured. Add one in reign.yaml.' };
  if (text === '') return ask('What shall the repository be called (owner/name)?', 'repo', []);
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
  const choices = whole.map(({ connection, owner, name }) => ({
    label: `${owner}/${name} (${connection.environment})`,
    value: `${connection.id}/${owner}/${name}`,
  }));
  return ask('Where shall it be?', 'repo', choices);
}

function previewParts({ connection }: CreateInput) {
  return { kind: 'computed' as const, raises: [], server: connection };
}

function viewOf(input: CreateInput) {
  return { name: nameOf(input), visibility: visibility(input) };
}

function visibility(input: { private: boolean }): 'private' | 'public' {
  return input.private ? 'private' : 'public';
}

type Existing = { id: number; html_url: string; private: boolean; created_at?: string | null };

function find(github: Octokit, place: { owner: string; repo: string }): Promise<Existing | undefined> {
  return found<Existing>(github.repos.get({ owner: place.owner, repo: place.repo }), nameOf(place));
}

async function isOwnName(github: Octokit, owner: string): Promise<boolean> {
  return same((await said(github.users.getAuthenticated(), 'The token')).login, owner);
}

/** @throws FaultError `world-changed` when it is an older one, or somebody has put something into it. */
async function madeAndEmpty(
  input: CreateInput,
  { at }: CreateUndo,
  reader: Reader,
): Promise<{ github: Octokit; found: Existing | undefined }> {
  const github = await openGithub(reader, input.connection);
  const existing = await find(github, input);
  if (existing === undefined) return { github, found: undefined };
  const place = { owner: input.owner, repo: input.repo, per_page: 1 };
  const older = Date.parse(existing.created_at ?? '') < Date.parse(at) - skewMilliseconds;
  const [branches, issues, releases] = await Promise.all([
    said(github.repos.listBranches(place), nameOf(input)),
    said(github.issues.listForRepo({ ...place, state: 'all' }), nameOf(input)),
    said(github.repos.listReleases(place), nameOf(input)),
  ]);
  const full = [
    ...(branches.length > 0 ? ['branches'] : []),
    ...(issues.length > 0 ? ['issues'] : []),
    ...(releases.length > 0 ? ['releases'] : []),
  ];
  if (!older && full.length === 0) return { github, found: existing };
  const why = older ? 'is older than this plan' : `is no longer empty: it has ${full.join(' and ')}`;
  throw new FaultError(
    'world-changed',
    `${nameOf(input)} ${why}. A repository that is in use is never deleted.`,
  );
}
