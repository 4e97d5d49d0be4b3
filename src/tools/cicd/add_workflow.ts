import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { sha256 } from '../../domain/json.ts';
import { defineOperation, type UndoContract } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { found, type Octokit, said } from '../../github/client.ts';
import { commitEgress, commitFiles, isCommitOf } from '../../github/commit-files.ts';
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
  branchNames,
  headOf,
  locateForWrite,
  nameOf,
  numbered,
  openRepository,
  pathOf,
  placeOf,
  repositoryInput,
} from '../../github/repository.ts';
import { examples } from './add_workflow.examples.ts';
import { chooseRecipe, textOf } from './choose-recipe.ts';
import { checkedWorkflow } from './generate.ts';
import { pathOfRecipe, recipe } from './recipe.ts';

const addInput = repositoryInput.extend({ recipe, head: z.string().regex(/^reign\/workflow-[a-z0-9-]+$/) });
type AddInput = z.infer<typeof addInput>;

type Pull = {
  number: number;
  state: string;
  merged_at: string | null;
  html_url: string;
  body: string | null;
};

const undo: UndoContract<AddInput, { branch: string | null }> = {
  kind: 'reversible',
  async capture(input, reader) {
    const { github } = await openRepository(reader, input);
    return { branch: (await headOf(github, input, input.head)) ?? null };
  },
  async previewRestore(input, _captured, reader) {
    const { head, pull } = await made(input, reader);
    const open = pull?.state === 'open';
    const parts = [
      ...(open ? [`closes pull request #${pull.number}`] : []),
      ...(head ? [`deletes ${input.head}`] : []),
    ];
    return computedPreview(input.repositoryId, {
      before: { branch: head ?? null, open },
      after: { branch: null, open: false },
      fingerprint: { repositoryId: input.repositoryId, branch: head ?? null, open },
      summary: parts.length === 0 ? 'Already gone.' : parts.join(' and '),
    });
  },
  async restore(input, _captured, writer) {
    const { github, head, pull } = await made(input, writer);
    const place = placeOf(input);
    if (pull?.state === 'open') {
      const closed = github.pulls.update({ ...place, pull_number: pull.number, state: 'closed' });
      await said(closed, `pull request #${pull.number}`);
    }
    if (head !== undefined)
      await said(github.git.deleteRef({ ...place, ref: `heads/${input.head}` }), input.head);
  },
  async verifyRestored(input, _captured, reader) {
    const { head, pull } = await made(input, reader);
    const gone = head === undefined && pull?.state !== 'open';
    return { state: gone ? 'healthy' : 'failed', evidence: `${input.head} is ${gone ? 'gone' : 'there'}.` };
  },
};

export const addWorkflow = defineOperation({
  ...writeParts,
  id: 'cicd.add_workflow',
  version: 1,
  summary: 'Commits a GitHub Actions workflow to a new branch and opens a pull request with it.',
  effect: 'create',
  // What a first try has left is recognised, and gone on from.
  repeat: 'safe-with-key',
  request: z.strictObject({ language: z.string().optional(), repo: z.string().optional() }),
  input: addInput,
  output: z.object({ number: z.number(), url: z.string() }),
  examples,
  undo,
  async resolve(request, reader) {
    const located = await locateForWrite(request, reader, 'add a workflow to');
    if (located.kind !== 'located') return located;
    const chosen = await chooseRecipe(request.language, located);
    if (chosen.kind !== 'recipe') return chosen;
    const { at, github } = located;
    const path = pathOfRecipe(chosen.recipe);
    if ((await textOf(github, at, path, chosen.recipe.branch)) === checkedWorkflow(chosen.recipe))
      return { kind: 'impossible', reason: `${path} in ${nameOf(at)} is exactly so already.` };
    const taken = new Set(await branchNames(github, at));
    if (taken.size === 0)
      return { kind: 'impossible', reason: `${nameOf(at)} is empty: push a first commit to it.` };
    const usual = `reign/workflow-${chosen.recipe.kind}`;
    const head = [usual, ...Array.from({ length: 30 }, (_, at) => `${usual}-${at + 2}`)].find(
      (each) => !taken.has(each),
    );
    if (head === undefined)
      return {
        kind: 'impossible',
        reason: `${nameOf(at)} has too many branches called ${usual}. Delete some.`,
      };
    return { kind: 'input', input: { ...at, recipe: chosen.recipe, head } };
  },
  assess: (input) =>
    assessRepository(input, 'create', [`branch/${input.head}`], ['a workflow runs code once it is merged']),
  describe: (input) => ({
    title: `Propose ${pathOfRecipe(input.recipe)} for ${nameOf(input)} (${input.environment}) from ${input.head}`,
    byHand: `git switch -c ${input.head} && git add ${pathOfRecipe(input.recipe)} && git commit && git push -u origin ${input.head} && gh pr create -R ${nameOf(input)} --fill`,
  }),
  async preview(input, reader) {
    const { github } = await openRepository(reader, input);
    const path = pathOfRecipe(input.recipe);
    const previous = (await textOf(github, input, path, input.recipe.branch)) ?? null;
    return computedPreview(input.repositoryId, {
      before: { [path]: previous },
      after: {
        [path]: checkedWorkflow(input.recipe),
        'pull request': `${input.head} → ${input.recipe.branch}`,
      },
      fingerprint: await fingerprintOf(github, input),
      summary: `${previous === null ? 'adds' : 'changes'} ${path} on ${input.head}, for review`,
    });
  },
  egress: (input) => {
    const { connection } = input;
    return [
      ...commitEgress(input),
      { connection, method: 'POST', path: `${pathOf(input)}/git/refs` },
      { connection, method: 'POST', path: `${pathOf(input)}/pulls` },
      { connection, method: 'PATCH', path: numbered(input, 'pulls') },
      { connection, method: 'DELETE', path: `${pathOf(input)}/git/refs/heads/${input.head}` },
    ];
  },
  async execute(input, writer, context) {
    const approved = approvedOf(context);
    const { github } = await openRepository(writer, input);
    const { idempotencyKey } = context;
    const before = await pullOf(github, input);
    if (before !== undefined && hasMark(before.body, idempotencyKey))
      return { number: before.number, url: before.html_url };
    const head = await headOf(github, input, input.head);
    if (head === undefined || !(await isCommitOf(github, input, head, idempotencyKey))) {
      refuseChanged(nameOf(input), approved.fingerprint, await fingerprintOf(github, input));
      await makeBranch(github, input, idempotencyKey);
    }
    const body = `Actions are pinned to commits; permissions are read-only unless a job needs more.\n\n${markOf(idempotencyKey)}`;
    const asked = {
      ...placeOf(input),
      head: input.head,
      base: input.recipe.branch,
      title: titleOf(input),
      body,
    };
    const { number, html_url } = await said(github.pulls.create(asked), `A pull request in ${nameOf(input)}`);
    return { number, url: html_url };
  },
  async landed(input, reader, { idempotencyKey }) {
    const { github } = await openRepository(reader, input);
    if (hasMark((await pullOf(github, input))?.body, idempotencyKey)) return 'yes';
    return (await headOf(github, input, input.head)) === undefined ? 'no' : 'unclear';
  },
  async verify(input, reader) {
    const { github } = await openRepository(reader, input);
    const pull = await pullOf(github, input);
    const text = await textOf(github, input, pathOfRecipe(input.recipe), input.head);
    if (pull?.state === 'open' && text === checkedWorkflow(input.recipe))
      return {
        state: 'healthy',
        evidence: `Pull request #${pull.number} has the workflow: ${pull.html_url}`,
      };
    const what =
      pull === undefined ? 'There is no pull request.' : `Pull request #${pull.number} is ${pull.state}`;
    return {
      state: 'failed',
      evidence: `${what}; the file on ${input.head} is ${text === undefined ? 'missing' : 'there'}.`,
    };
  },
  render: ({ number, url }, input) => ({
    kind: 'text',
    text: `Pull request #${number} of ${nameOf(input)} has the workflow: ${url}`,
  }),
});

function titleOf({ recipe }: AddInput): string {
  return `Add a workflow for ${recipe.kind}`;
}

/** What the approval is bound to: the text, the file that it replaces, and that nothing was begun. */
async function fingerprintOf(github: Octokit, input: AddInput) {
  const path = pathOfRecipe(input.recipe);
  const [previous, branch] = await Promise.all([
    textOf(github, input, path, input.recipe.branch),
    headOf(github, input, input.head),
  ]);
  return {
    repositoryId: input.repositoryId,
    content: sha256(checkedWorkflow(input.recipe)),
    replaces: previous === undefined ? null : sha256(previous),
    branch: branch ?? null,
  };
}

async function makeBranch(github: Octokit, input: AddInput, idempotencyKey: string): Promise<void> {
  const parent = await headOf(github, input, input.recipe.branch);
  if (parent === undefined)
    throw new FaultError('world-changed', `${nameOf(input)} has no branch ${input.recipe.branch} any more.`);
  const files = [{ path: pathOfRecipe(input.recipe), content: checkedWorkflow(input.recipe) }];
  const sha = await commitFiles(github, input, { parent, files, message: titleOf(input), idempotencyKey });
  await said(github.git.createRef({ ...placeOf(input), ref: `refs/heads/${input.head}`, sha }), input.head);
}

/** The newest pull request from the branch. */
async function pullOf(github: Octokit, input: AddInput): Promise<Pull | undefined> {
  const asked = { ...placeOf(input), head: `${input.owner}:${input.head}`, state: 'all' as const };
  const pulls = await found(github.pulls.list(asked), `pull requests of ${nameOf(input)}`);
  const own = (pulls ?? []).filter(({ head }) => head.ref === input.head);
  return own.sort((a, b) => b.number - a.number)[0];
}

/** @throws FaultError `world-changed` when it was merged, or somebody has put something on the branch. */
async function made(
  input: AddInput,
  reader: Reader,
): Promise<{ github: Octokit; head: string | undefined; pull: Pull | undefined }> {
  const { github } = await openRepository(reader, input);
  const [head, pull] = await Promise.all([headOf(github, input, input.head), pullOf(github, input)]);
  const merged = pull !== undefined && pull.merged_at !== null;
  const foreign =
    (pull !== undefined && !isMarked(pull.body)) ||
    (head !== undefined && !(await isCommitOf(github, input, head)));
  if (!merged && !foreign) return { github, head, pull };
  const why = merged
    ? `Pull request #${pull.number} was merged since`
    : `Somebody works on ${input.head} by now`;
  throw new FaultError('world-changed', `${why}. It is left as it is.`);
}
