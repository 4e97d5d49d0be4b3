import { z } from 'zod';
import { tierOf } from '../../domain/environment.ts';
import { nearNames } from '../../domain/near-names.ts';
import { defineOperation } from '../../domain/operation.ts';
import { quoteWord } from '../../domain/shell-words.ts';
import { commitEgress, commitFiles, isCommitOf } from '../../github/commit-files.ts';
import { blobOf, entriesAt, type FileText, fileText, textOfBlob } from '../../github/files.ts';
import { approvedOf, computedPreview, refuseChanged, writeParts } from '../../github/guarded-write.ts';
import {
  assessRepository,
  branchNames,
  headOf,
  type Located,
  locateForWrite,
  nameOf,
  openRepository,
  pathOf,
  type Unlocated,
} from '../../github/repository.ts';
import { ask, askName } from './ask.ts';
import { plural } from './changes.ts';
import { examples } from './commit.examples.ts';
import { commitInput, filesInWords, headFor, moveBranch } from './commit-input.ts';
import { commitUndo } from './commit-undo.ts';

const request = z.strictObject({
  repo: z.string().optional(),
  branch: z.string().optional(),
  message: z.string().optional(),
  path: z.string().optional(),
  content: z.string().optional(),
  files: z
    .array(z.strictObject({ path: z.string(), content: z.string().nullable() }))
    .optional()
    .describe('Several files at once, in place of path and content; a null content deletes.'),
});

export const commit = defineOperation({
  ...writeParts,
  id: 'github.commit',
  version: 1,
  summary: 'Commits files to a branch, all in one commit.',
  effect: 'update',
  // The branch moves only from the commit that was approved, and its head says which step moved it.
  repeat: 'safe-with-key',
  request,
  input: commitInput,
  output: z.object({ commit: z.string() }),
  examples,
  undo: commitUndo,
  async resolve(request, reader) {
    const located = await locateForWrite(request, reader, 'commit to');
    if (located.kind !== 'located') return located;
    const files = filesOf(request);
    if (!Array.isArray(files)) return files;
    return resolveOn(located, request.branch?.trim() ?? '', files, request.message?.trim() ?? '');
  },
  assess: (input) =>
    assessRepository(input, 'update', [`branch/${input.branch}`], ['workflows may run on it']),
  describe: (input) => ({
    title: `Commit ${filesInWords(input.files)} to ${input.branch} of ${nameOf(input)} (${input.environment})`,
    byHand: `git switch ${quoteWord(input.branch)} && git add ${input.files.map(({ path }) => quoteWord(path)).join(' ')} && git commit -m ${quoteWord(input.message)} && git push`,
  }),
  async preview(input, reader) {
    const { github, repository } = await openRepository(reader, input);
    const head = await headFor(github, input);
    const entries = await entriesAt(github, input, head);
    const before = input.files.map(async ({ path }) => {
      const entry = entries.get(path);
      return [path, entry === undefined ? null : await textOfBlob(github, input, entry.sha)] as const;
    });
    const direct = input.branch === repository.default_branch;
    const production = tierOf(reader.environments, input.environment) === 'production';
    const reason = `goes to ${input.branch} without a pull request`;
    const seen = {
      before: Object.fromEntries(await Promise.all(before)),
      after: Object.fromEntries(input.files.map(({ path, content }) => [path, content])),
      fingerprint: { repositoryId: input.repositoryId, head },
      summary: `${plural(input.files.length, 'file')} on ${input.branch} after ${head.slice(0, 7)}: ${input.message.split('\n')[0]}`,
    };
    const warnings = direct ? [`It ${reason}.`] : [];
    const raises = direct && production ? [{ level: 'high' as const, reason }] : [];
    return computedPreview(input.repositoryId, seen, { warnings, raises });
  },
  egress: (input) => [
    ...commitEgress(input),
    {
      connection: input.connection,
      method: 'PATCH',
      path: `${pathOf(input)}/git/refs/heads/${input.branch}`,
    },
  ],
  async execute(input, writer, context) {
    const approved = approvedOf(context);
    const { github } = await openRepository(writer, input);
    const { idempotencyKey } = context;
    const parent = await headFor(github, input);
    if (await isCommitOf(github, input, parent, idempotencyKey)) return { commit: parent };
    const now = { repositoryId: input.repositoryId, head: parent };
    refuseChanged(`${input.branch} of ${nameOf(input)}`, approved.fingerprint, now);
    const entries = await entriesAt(github, input, parent);
    const files = input.files.map(({ path, content }) => {
      const mode = entries.get(path)?.mode ?? '100644';
      return content === null ? { path, mode, sha: null } : { path, mode, content };
    });
    const sha = await commitFiles(github, input, { parent, files, message: input.message, idempotencyKey });
    await moveBranch(github, input, sha);
    return { commit: sha };
  },
  async landed(input, reader, { approved, idempotencyKey }) {
    const { github } = await openRepository(reader, input);
    const head = await headOf(github, input, input.branch);
    if (head === undefined || approved === undefined) return 'unclear';
    if (head === (approved.fingerprint as { head?: string }).head) return 'no';
    return (await isCommitOf(github, input, head, idempotencyKey)) ? 'yes' : 'unclear';
  },
  async verify(input, reader) {
    const { github } = await openRepository(reader, input);
    const entries = await entriesAt(github, input, await headFor(github, input));
    const wrong = input.files.filter(({ path, content }) => {
      const sha = entries.get(path)?.sha ?? null;
      return sha !== (content === null ? null : blobOf(content));
    });
    if (wrong.length === 0)
      return { state: 'healthy', evidence: `${input.branch} has ${filesInWords(input.files)} as committed.` };
    return {
      state: 'failed',
      evidence: `${filesInWords(wrong)} on ${input.branch} is not as it was committed.`,
    };
  },
  render: ({ commit }, input) => ({
    kind: 'text',
    text: `Committed ${filesInWords(input.files)} to ${input.branch} of ${nameOf(input)} as ${commit.slice(0, 7)}.`,
  }),
});

function filesOf({ path, content, files }: z.infer<typeof request>): FileText[] | Unlocated {
  const wanted =
    files ?? (path === undefined || content === undefined ? [] : [{ path: path.trim(), content }]);
  if (wanted.length === 0)
    return path === undefined
      ? ask('Which file (its path)?', 'path', [])
      : ask(`What shall ${path} hold?`, 'content', []);
  const parsed = z.array(fileText).max(50).safeParse(wanted);
  if (!parsed.success)
    return { kind: 'impossible', reason: `The files can't be committed: ${z.prettifyError(parsed.error)}` };
  const paths = parsed.data.map((each) => each.path);
  const twice = paths.find((each, at) => paths.indexOf(each) !== at);
  return twice === undefined ? parsed.data : { kind: 'impossible', reason: `${twice} is named twice.` };
}

async function resolveOn({ at, github }: Located, branch: string, files: FileText[], said: string) {
  const names = await branchNames(github, at);
  if (names.length === 0)
    return { kind: 'impossible' as const, reason: `${nameOf(at)} is empty: push a first commit to it.` };
  if (branch === '') return askName('To which branch?', 'branch', names);
  if (!names.includes(branch)) {
    const near = nearNames(branch, names);
    const text = `${nameOf(at)} has no branch ${branch}. ${near.length > 0 ? 'Did you mean this?' : 'Make it first, or choose one.'}`;
    return askName(text, 'branch', near.length > 0 ? near : names);
  }
  const head = (await headOf(github, at, branch)) ?? '';
  const entries = await entriesAt(github, at, head);
  const missing = files.find(({ path, content }) => content === null && !entries.has(path));
  if (missing !== undefined)
    return { kind: 'impossible' as const, reason: `${branch} has no file ${missing.path} to delete.` };
  const changed = files.filter(
    ({ path, content }) => content === null || entries.get(path)?.sha !== blobOf(content),
  );
  if (changed.length === 0)
    return {
      kind: 'impossible' as const,
      reason: `${filesInWords(files)} on ${branch} is exactly so already.`,
    };
  const message = said === '' ? `Change ${filesInWords(files)}` : said;
  return { kind: 'input' as const, input: { ...at, branch, message, files } };
}
