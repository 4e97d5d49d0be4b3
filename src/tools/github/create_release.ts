import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation, type UndoContract } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { quoteWord } from '../../domain/shell-words.ts';
import { found, type Octokit, said } from '../../github/client.ts';
import {
  approvedOf,
  computedPreview,
  hasMark,
  isMarked,
  markOf,
  refuseChanged,
  writeParts,
} from '../../github/guarded-write.ts';
import {
  assessRepository,
  commitOf,
  headOf,
  locateForWrite,
  nameOf,
  numbered,
  openRepository,
  pathOf,
  placeOf,
  type RepositoryInput,
  repositoryInput,
} from '../../github/repository.ts';
import { askName } from './ask.ts';
import { branchName, isGitName } from './branch.ts';
import { changesBetween, plural } from './changes.ts';
import { examples } from './create_release.examples.ts';
import { checksOf } from './readiness.ts';
import { latestRelease, nextVersions, type Release, releaseOf } from './releases.ts';

const releaseInput = repositoryInput.extend({
  tag: branchName,
  /** Where the tag is, or will be put. */
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  prerelease: z.boolean(),
});
type ReleaseInput = z.infer<typeof releaseInput>;

const undo: UndoContract<ReleaseInput, { existed: boolean }> = {
  kind: 'reversible',
  async capture(input, reader) {
    const { github } = await openRepository(reader, input);
    return { existed: (await releaseOf(github, input, input.tag)) !== undefined };
  },
  async previewRestore(input, captured, reader) {
    const { release } = await made(input, captured, reader);
    const before = release === undefined ? null : { tag: input.tag, id: release.id };
    return computedPreview(input.repositoryId, {
      before,
      after: null,
      fingerprint: { repositoryId: input.repositoryId, release: release?.id ?? null },
      summary: release ? `deletes the release ${input.tag}; the tag stays` : 'There is no such release.',
    });
  },
  async restore(input, captured, writer) {
    const { github, release } = await made(input, captured, writer);
    if (release === undefined) return;
    const asked = { ...placeOf(input), release_id: release.id };
    await said(github.repos.deleteRelease(asked), wordsOf(input));
  },
  async verifyRestored(input, _captured, reader) {
    const { github } = await openRepository(reader, input);
    const gone = (await releaseOf(github, input, input.tag)) === undefined;
    const evidence = gone
      ? `The release is gone; the tag ${input.tag} stays.`
      : `The ${wordsOf(input)} is there.`;
    return { state: gone ? 'healthy' : 'failed', evidence };
  },
};

export const createRelease = defineOperation({
  ...writeParts,
  id: 'github.create_release',
  version: 1,
  summary: 'Publishes a release with notes that GitHub writes; makes the tag where there is none.',
  effect: 'create',
  request: z.strictObject({ repo: z.string().optional(), tag: z.string().optional() }),
  input: releaseInput,
  output: z.object({ tag: z.string(), url: z.string() }),
  examples,
  undo,
  async resolve(request, reader) {
    const located = await locateForWrite(request, reader, 'publish a release of');
    if (located.kind !== 'located') return located;
    const { at, github, repository } = located;
    const tag = request.tag?.trim() ?? '';
    if (tag === '') {
      const latest = await latestRelease(github, at);
      return askName('Which tag shall the release have?', 'tag', nextVersions(latest?.tag_name));
    }
    if (!isGitName(tag)) return { kind: 'impossible', reason: `git takes no tag called "${tag}".` };
    const existing = await releaseOf(github, at, tag);
    if (existing)
      return { kind: 'impossible', reason: `Release ${tag} exists already: ${existing.html_url}` };
    const commit =
      (await commitOfTag(github, at, tag)) ?? (await headOf(github, at, repository.default_branch));
    if (commit === undefined)
      return { kind: 'impossible', reason: `${nameOf(at)} has no commits to release.` };
    return { kind: 'input', input: { ...at, tag, commit, prerelease: /^v?\d+(\.\d+)*-/.test(tag) } };
  },
  assess: (input) =>
    assessRepository(
      input,
      'create',
      [`release/${input.tag}`],
      ['may start workflows that wait for releases'],
    ),
  describe: (input) => ({
    title: `Publish ${input.prerelease ? 'pre-release' : 'release'} ${input.tag} of ${nameOf(input)} (${input.environment}) at ${input.commit.slice(0, 7)}`,
    byHand: `gh release create ${quoteWord(input.tag)} -R ${nameOf(input)} --target ${input.commit} --generate-notes${input.prerelease ? ' --prerelease' : ''}`,
  }),
  async preview(input, reader) {
    const { github } = await openRepository(reader, input);
    const fingerprint = await fingerprintOf(github, input);
    const previous = (await latestRelease(github, input))?.tag_name;
    const since = previous === undefined ? undefined : await commitsSince(github, input, previous);
    const checks = Object.entries(await checksOf(github, input, input.commit));
    const { tag, commit, prerelease } = input;
    const seen = {
      before: null,
      after: { tag, commit, prerelease, previous: previous ?? null, commits: since ?? [] },
      fingerprint,
      summary:
        since && previous ? `${plural(since.length, 'commit')} since ${previous}` : `the first release`,
    };
    const warnings = checks
      .filter(([, state]) => state !== 'success')
      .map(([name, state]) => `The check ${name} of ${commit.slice(0, 7)}: ${state}.`);
    if (fingerprint.tag === null)
      warnings.push(`The tag ${tag} is made, and stays when the release is undone.`);
    return computedPreview(input.repositoryId, seen, { warnings });
  },
  egress: (input) => [
    { connection: input.connection, method: 'POST', path: `${pathOf(input)}/releases` },
    { connection: input.connection, method: 'DELETE', path: numbered(input, 'releases') },
  ],
  async execute(input, writer, context) {
    const approved = approvedOf(context);
    const { github } = await openRepository(writer, input);
    const existing = await releaseOf(github, input, input.tag);
    if (existing && hasMark(existing.body, context.idempotencyKey))
      return { tag: input.tag, url: existing.html_url };
    refuseChanged(wordsOf(input), approved.fingerprint, await fingerprintOf(github, input));
    const { tag, commit, prerelease } = input;
    const asked = { ...placeOf(input), tag_name: tag, name: tag, target_commitish: commit, prerelease };
    const body = markOf(context.idempotencyKey);
    const made = github.repos.createRelease({ ...asked, body, generate_release_notes: true });
    return { tag, url: (await said(made, wordsOf(input))).html_url };
  },
  async landed(input, reader, { idempotencyKey }) {
    const { github } = await openRepository(reader, input);
    const release = await releaseOf(github, input, input.tag);
    return hasMark(release?.body, idempotencyKey) ? 'yes' : 'no';
  },
  async verify(input, reader) {
    const { github } = await openRepository(reader, input);
    const release = await releaseOf(github, input, input.tag);
    if (release === undefined || release.draft)
      return { state: 'failed', evidence: `The ${wordsOf(input)} is not published.` };
    const commit = await commitOfTag(github, input, input.tag);
    if (commit !== undefined && commit !== input.commit)
      return { state: 'failed', evidence: `The tag ${input.tag} is at ${commit.slice(0, 7)} by now.` };
    return { state: 'healthy', evidence: `The ${wordsOf(input)} is published: ${release.html_url}` };
  },
  render: ({ tag, url }, input) => ({ kind: 'text', text: `Release ${tag} of ${nameOf(input)}: ${url}` }),
});

function wordsOf(input: ReleaseInput): string {
  return `release ${input.tag} of ${nameOf(input)}`;
}

/** What the approval is bound to: where the tag is, if it is, and that no release has it. */
async function fingerprintOf(github: Octokit, input: ReleaseInput) {
  const [tag, release] = await Promise.all([
    commitOfTag(github, input, input.tag),
    releaseOf(github, input, input.tag),
  ]);
  return { repositoryId: input.repositoryId, tag: tag ?? null, release: release?.id ?? null };
}

/** The commit of a tag, also of one with a message. */
async function commitOfTag(
  github: Octokit,
  input: RepositoryInput,
  tag: string,
): Promise<string | undefined> {
  const ref = await found(github.git.getRef({ ...placeOf(input), ref: `tags/${tag}` }), `tag ${tag}`);
  return ref === undefined ? undefined : commitOf(github, input, `tags/${tag}`);
}

/** The commits since a release; undefined where its tag is no longer there. */
async function commitsSince(
  github: Octokit,
  input: ReleaseInput,
  previous: string,
): Promise<string[] | undefined> {
  try {
    return (await changesBetween(github, input, previous, input.commit)).commits;
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === 'not-found') return undefined;
    throw error;
  }
}

/** @throws FaultError `world-changed` when the release is not Reign's, or others have put files into it. */
async function made(
  input: ReleaseInput,
  { existed }: { existed: boolean },
  reader: Reader,
): Promise<{ github: Octokit; release: Release | undefined }> {
  const { github } = await openRepository(reader, input);
  const release = await releaseOf(github, input, input.tag);
  if (release === undefined) return { github, release };
  const files = release.assets.length;
  const why =
    existed || !isMarked(release.body)
      ? 'was written anew by somebody else'
      : files > 0
        ? `has ${plural(files, 'file')} by now, which would go with it`
        : undefined;
  if (why !== undefined)
    throw new FaultError('world-changed', `The ${wordsOf(input)} ${why}. It is left as it is.`);
  return { github, release };
}
