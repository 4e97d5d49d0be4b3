import { z } from 'zod';
import { canonicalJson } from '../../domain/json.ts';
import { defineOperation, type UndoContract } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { said } from '../../github/client.ts';
import { approvedOf, computedPreview, refuseChanged, writeParts } from '../../github/guarded-write.ts';
import {
  assessRepository,
  branchNames,
  locateForWrite,
  nameOf,
  openRepository,
  pathOf,
  placeOf,
  repositoryInput,
} from '../../github/repository.ts';
import { askName } from './ask.ts';
import { branchName } from './branch.ts';
import { plural } from './changes.ts';
import { examples } from './protect_branch.examples.ts';
import { freshSettings, type Protection, protectedBy, protectionOf } from './protection.ts';

const protectInput = repositoryInput.extend({
  branch: branchName,
  approvals: z.number().int().min(1).max(6),
});
type ProtectInput = z.infer<typeof protectInput>;
type ProtectUndo = { before: Protection };

const undo: UndoContract<ProtectInput, ProtectUndo> = {
  kind: 'reversible',
  async capture(input, reader) {
    return { before: (await look(input, reader)).live };
  },
  async previewRestore(input, captured, reader) {
    const { live, restored } = await lookBack(input, captured, reader);
    return computedPreview(input.repositoryId, {
      before: live,
      after: captured.before,
      fingerprint: { repositoryId: input.repositoryId, protection: live },
      summary: restored ? 'Already as it was before.' : inWords(live, captured.before),
    });
  },
  async restore(input, captured, writer) {
    const { github, restored } = await lookBack(input, captured, writer);
    if (restored) return;
    const asked = { ...placeOf(input), branch: input.branch };
    if (captured.before === null)
      await said<unknown>(github.repos.deleteBranchProtection(asked), wordsOf(input));
    else {
      const { approvals: required_approving_review_count } = captured.before;
      const patched = github.repos.updatePullRequestReviewProtection({
        ...asked,
        required_approving_review_count,
      });
      await said<unknown>(patched, wordsOf(input));
    }
  },
  async verifyRestored(input, captured, reader) {
    const { restored } = await lookBack(input, captured, reader);
    const evidence = `The ${wordsOf(input)} is ${restored ? '' : 'not '}as it was before.`;
    return { state: restored ? 'healthy' : 'failed', evidence };
  },
};

export const protectBranch = defineOperation({
  ...writeParts,
  id: 'github.protect_branch',
  version: 1,
  summary: 'Asks for approved pull requests into a branch; what it asks for already stays.',
  effect: 'update',
  request: z.strictObject({
    repo: z.string().optional(),
    branch: z.string().optional(),
    approvals: z.number().optional(),
  }),
  input: protectInput,
  output: z.object({ branch: z.string(), approvals: z.number() }),
  examples,
  undo,
  async resolve(request, reader) {
    const located = await locateForWrite(request, reader, 'protect a branch of');
    if (located.kind !== 'located') return located;
    const { at, github, repository } = located;
    const branch = request.branch?.trim() || repository.default_branch;
    const names = await branchNames(github, at);
    if (!names.includes(branch))
      return askName(`${nameOf(at)} has no branch ${branch}. Which one do you mean?`, 'branch', names);
    const approvals = Math.round(request.approvals ?? 1);
    if (approvals < 1 || approvals > 6)
      return { kind: 'impossible', reason: 'GitHub lets a branch ask for 1 to 6 approvals.' };
    const live = await protectionOf(github, at, branch);
    if (live !== null && live.approvals >= approvals) {
      const reason = `${branch} of ${nameOf(at)} asks for ${plural(live.approvals, 'approval')} already.`;
      return { kind: 'impossible', reason };
    }
    return { kind: 'input', input: { ...at, branch, approvals } };
  },
  assess: (input) => assessRepository(input, 'update', [`branch/${input.branch}`], ['changes who may push']),
  describe: (input) => ({
    title: `Ask for ${plural(input.approvals, 'approval')} on ${input.branch} of ${nameOf(input)} (${input.environment})`,
    byHand: `gh api -X PUT repos/${nameOf(input)}/branches/${input.branch}/protection --input - <<< '${JSON.stringify(freshSettings(input.approvals))}'`,
  }),
  async preview(input, reader) {
    const { live } = await look(input, reader);
    const after = protectedBy(live, input.approvals);
    return computedPreview(input.repositoryId, {
      before: live,
      after,
      fingerprint: { repositoryId: input.repositoryId, protection: live },
      summary: inWords(live, after),
    });
  },
  egress: (input) => {
    const { connection } = input;
    const path = `${pathOf(input)}/branches/${input.branch}/protection`;
    return [
      { connection, method: 'PUT', path },
      { connection, method: 'DELETE', path },
      { connection, method: 'PATCH', path: `${path}/required_pull_request_reviews` },
    ];
  },
  async execute(input, writer, context) {
    const approved = approvedOf(context);
    const { github, live } = await look(input, writer);
    const { branch, approvals, repositoryId } = input;
    refuseChanged(`The ${wordsOf(input)}`, approved.fingerprint, { repositoryId, protection: live });
    const asked = { ...placeOf(input), branch };
    const sent =
      live === null
        ? github.repos.updateBranchProtection({ ...asked, ...freshSettings(approvals) })
        : github.repos.updatePullRequestReviewProtection({
            ...asked,
            required_approving_review_count: approvals,
          });
    await said<unknown>(sent, wordsOf(input));
    return { branch, approvals };
  },
  async landed(input, reader, { approved }) {
    const { live } = await look(input, reader);
    const now = canonicalJson(live);
    if (approved === undefined) return 'unclear';
    if (now === canonicalJson(approved.after)) return 'yes';
    return now === canonicalJson(approved.before) ? 'no' : 'unclear';
  },
  async verify(input, reader) {
    const { live } = await look(input, reader);
    const evidence = `${input.branch} asks for ${plural(live?.approvals ?? 0, 'approval')}.`;
    return { state: (live?.approvals ?? 0) >= input.approvals ? 'healthy' : 'failed', evidence };
  },
  render: ({ branch, approvals }, input) => ({
    kind: 'text',
    text: `${branch} of ${nameOf(input)} now asks for ${plural(approvals, 'approval')}.`,
  }),
});

function wordsOf(input: ProtectInput): string {
  return `protection of ${input.branch} in ${nameOf(input)}`;
}

function inWords(before: Protection, after: Protection): string {
  const words = (it: Protection) => (it === null ? 'unprotected' : plural(it.approvals, 'approval'));
  return `${words(before)} → ${words(after)}`;
}

async function look(input: ProtectInput, reader: Reader) {
  const { github } = await openRepository(reader, input);
  return { github, live: await protectionOf(github, input, input.branch) };
}

/** @throws FaultError `world-changed` when it is neither as it was before nor as the write left it. */
async function lookBack(input: ProtectInput, { before }: ProtectUndo, reader: Reader) {
  const seen = await look(input, reader);
  const restored = canonicalJson(seen.live) === canonicalJson(before);
  if (!restored)
    refuseChanged(`The ${wordsOf(input)}`, protectedBy(before, input.approvals), seen.live ?? {});
  return { ...seen, restored };
}
