import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation, type UndoContract } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { quoteWord } from '../../domain/shell-words.ts';
import { type Octokit, said } from '../../github/client.ts';
import { approvedOf, computedPreview, refuseChanged, writeParts } from '../../github/guarded-write.ts';
import {
  assessRepository,
  commitOf,
  headOf,
  locateForWrite,
  nameOf,
  openRepository,
  pathOf,
  placeOf,
  repositoryInput,
} from '../../github/repository.ts';
import { ask } from './ask.ts';
import { branchName, isGitName } from './branch.ts';
import { examples } from './create_branch.examples.ts';

const branchInput = repositoryInput.extend({
  branch: branchName,
  from: branchName,
  commit: z.string().regex(/^[0-9a-f]{40}$/),
});
type BranchInput = z.infer<typeof branchInput>;

const undo: UndoContract<BranchInput, { existed: boolean }> = {
  kind: 'reversible',
  async capture(input, reader) {
    const { github } = await openRepository(reader, input);
    return { existed: (await headOf(github, input, input.branch)) !== undefined };
  },
  async previewRestore(input, _captured, reader) {
    const { head } = await untouched(input, reader);
    return computedPreview(input.repositoryId, {
      before: { branch: head ?? null },
      after: { branch: null },
      fingerprint: { repositoryId: input.repositoryId, branch: head ?? null },
      summary: head === undefined ? 'Already gone.' : `deletes the branch ${input.branch}`,
    });
  },
  async restore(input, _captured, writer) {
    const { github, head } = await untouched(input, writer);
    if (head === undefined) return;
    await said(github.git.deleteRef({ ...placeOf(input), ref: `heads/${input.branch}` }), wordsOf(input));
  },
  async verifyRestored(input, _captured, reader) {
    const { head } = await untouched(input, reader);
    const evidence = `The ${wordsOf(input)} is ${head === undefined ? 'gone' : 'there'}.`;
    return { state: head === undefined ? 'healthy' : 'failed', evidence };
  },
};

export const createBranch = defineOperation({
  ...writeParts,
  id: 'github.create_branch',
  version: 1,
  summary: 'Makes a branch at a commit.',
  effect: 'create',
  request: z.strictObject({
    repo: z.string().optional(),
    branch: z.string().optional(),
    from: z.string().optional(),
  }),
  input: branchInput,
  output: z.object({ branch: z.string(), commit: z.string() }),
  examples,
  undo,
  async resolve(request, reader) {
    const located = await locateForWrite(request, reader, 'make a branch in');
    if (located.kind !== 'located') return located;
    const { at, github, repository } = located;
    const branch = request.branch?.trim() ?? '';
    if (branch === '') return ask('What shall the branch be called?', 'branch', []);
    const from = request.from?.trim() || repository.default_branch;
    const wrong = [branch, from].find((each) => !isGitName(each));
    if (wrong !== undefined) return { kind: 'impossible', reason: `git takes no name like "${wrong}".` };
    if ((await headOf(github, at, branch)) !== undefined)
      return { kind: 'impossible', reason: `${nameOf(at)} has a branch ${branch} already.` };
    try {
      return { kind: 'input', input: { ...at, branch, from, commit: await commitOf(github, at, from) } };
    } catch (error) {
      const code = error instanceof FaultError ? error.fault.code : undefined;
      if (code !== 'not-found' && code !== 'bad-request' && code !== 'conflict') throw error;
      return { kind: 'impossible', reason: `${nameOf(at)} has no branch, tag or commit ${from}.` };
    }
  },
  assess: (input) => assessRepository(input, 'create', [`branch/${input.branch}`]),
  describe: (input) => ({
    title: `Make the ${wordsOf(input)} (${input.environment}) from ${input.from} at ${input.commit.slice(0, 7)}`,
    byHand: `gh api repos/${nameOf(input)}/git/refs -f ref=${quoteWord(`refs/heads/${input.branch}`)} -f sha=${input.commit}`,
  }),
  async preview(input, reader) {
    const { github } = await openRepository(reader, input);
    const head = await headOf(github, input, input.branch);
    return computedPreview(input.repositoryId, {
      before: { branch: head ?? null },
      after: { branch: input.commit },
      fingerprint: { repositoryId: input.repositoryId, branch: head ?? null },
      summary: `makes ${input.branch} at ${input.commit.slice(0, 7)}`,
    });
  },
  egress: (input) => {
    const { connection } = input;
    return [
      { connection, method: 'POST', path: `${pathOf(input)}/git/refs` },
      { connection, method: 'DELETE', path: `${pathOf(input)}/git/refs/heads/${input.branch}` },
    ];
  },
  async execute(input, writer, context) {
    const approved = approvedOf(context);
    const { github } = await openRepository(writer, input);
    const head = await headOf(github, input, input.branch);
    refuseChanged(wordsOf(input), approved.fingerprint, {
      repositoryId: input.repositoryId,
      branch: head ?? null,
    });
    const asked = { ...placeOf(input), ref: `refs/heads/${input.branch}`, sha: input.commit };
    await said(github.git.createRef(asked), wordsOf(input));
    return { branch: input.branch, commit: input.commit };
  },
  async landed(input, reader) {
    const { github } = await openRepository(reader, input);
    const head = await headOf(github, input, input.branch);
    if (head === undefined) return 'no';
    return head === input.commit ? 'yes' : 'unclear';
  },
  async verify(input, reader) {
    const { github } = await openRepository(reader, input);
    const head = await headOf(github, input, input.branch);
    if (head === undefined) return { state: 'failed', evidence: `The ${wordsOf(input)} is not there.` };
    const moved = head === input.commit ? '' : ' Somebody has committed to it since.';
    return { state: 'healthy', evidence: `The ${wordsOf(input)} is at ${head.slice(0, 7)}.${moved}` };
  },
  render: ({ branch, commit }, input) => ({
    kind: 'text',
    text: `Made the branch ${branch} of ${nameOf(input)} at ${commit.slice(0, 7)}.`,
  }),
});

function wordsOf(input: BranchInput): string {
  return `branch ${input.branch} of ${nameOf(input)}`;
}

/** @throws FaultError `world-changed` when the branch has moved on. */
async function untouched(
  input: BranchInput,
  reader: Reader,
): Promise<{ github: Octokit; head: string | undefined }> {
  const { github } = await openRepository(reader, input);
  const head = await headOf(github, input, input.branch);
  if (head === undefined || head === input.commit) return { github, head };
  throw new FaultError(
    'world-changed',
    `The ${wordsOf(input)} has commits of others by now. It is left as it is.`,
  );
}
