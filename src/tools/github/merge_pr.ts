import { z } from 'zod';
import { tierOf } from '../../domain/environment.ts';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { clip } from '../../domain/text.ts';
import { type Octokit, said } from '../../github/client.ts';
import { approvedOf, computedPreview, refuseChanged, writeParts } from '../../github/guarded-write.ts';
import { assessRepository, nameOf, pathOf, placeOf, type Repository } from '../../github/repository.ts';
import { branchName } from './branch.ts';
import { changesBetween, plural } from './changes.ts';
import { examples } from './merge_pr.examples.ts';
import { findPull, locatePull, openPull, type Pull, type PullInput, pullInput, wordsOf } from './pull.ts';
import { type Readiness, readinessOf } from './readiness.ts';

const method = z.enum(['merge', 'squash', 'rebase']);
type Method = z.infer<typeof method>;

const mergeInput = pullInput.extend({ base: branchName, method });

export const mergePr = defineOperation({
  ...writeParts,
  id: 'github.merge_pr',
  version: 1,
  summary: 'Merges a pull request, at the commit that was approved.',
  effect: 'update',
  request: z.strictObject({
    repo: z.string().optional(),
    number: z.number().optional(),
    method: method.optional(),
  }),
  input: mergeInput,
  output: z.object({ number: z.number(), commit: z.string() }),
  examples,
  undo: {
    kind: 'irreversible',
    reason:
      'A merge stays in history; GitHub can open a revert pull request, which is reviewed like any other.',
  },
  async resolve(request, reader) {
    const located = await locatePull(request, reader, 'merge', true);
    if (located.kind !== 'located') return located;
    const { at, pull, repository } = located;
    if (pull.merged_at !== null) return { kind: 'impossible', reason: `${wordsOf(at)} is merged already.` };
    if (pull.state !== 'open')
      return { kind: 'impossible', reason: `${wordsOf(at)} is closed. Reopen it first.` };
    const allowed = methodsOf(repository);
    const chosen = request.method ?? allowed[0];
    if (chosen !== undefined && allowed.includes(chosen))
      return { kind: 'input', input: { ...at, base: pull.base.ref, method: chosen } };
    const reason = `${nameOf(at)} does not allow ${chosen ?? 'merging'}; allowed: ${allowed.join(', ') || 'nothing'}.`;
    return { kind: 'impossible', reason };
  },
  assess: (input) =>
    assessRepository(
      input,
      'update',
      [`branch/${input.base}`, `pull/${input.number}`],
      [`changes ${input.base} for good`],
    ),
  describe: (input) => ({
    title: `Merge pull request #${input.number} into ${input.base} of ${nameOf(input)} (${input.environment}), by ${input.method}`,
    byHand: `gh pr merge ${input.number} -R ${nameOf(input)} --${input.method}`,
  }),
  async preview(input, reader) {
    const { github, pull, readiness } = await look(input, reader);
    if (readiness.blockers.length > 0)
      throw new FaultError(
        'conflict',
        `${wordsOf(input)} can't be merged now: ${readiness.blockers.join('; ')}.`,
      );
    const {
      ahead,
      behind: _,
      ...changes
    } = await changesBetween(github, input, pull.base.ref, pull.head.sha);
    const view = { title: clip(pull.title, 200), author: pull.user?.login ?? 'ghost', head: pull.head.sha };
    const { approvals, checks, warnings } = readiness;
    const seen = {
      before: { ...view, state: 'open', base: pull.base.ref, approvals, checks },
      after: { ...view, state: 'merged', base: pull.base.ref, method: input.method, ...changes },
      fingerprint: fingerprintOf(input, pull),
      summary: `${plural(ahead, 'commit')} from ${pull.head.ref} into ${pull.base.ref}`,
    };
    const production = tierOf(reader.environments, input.environment) === 'production';
    const failing = Object.entries(checks).filter(([, state]) => state !== 'success');
    const raises =
      production && failing.length > 0
        ? [
            {
              level: 'high' as const,
              reason: `checks have not succeeded: ${failing.map(([name]) => name).join(', ')}`,
            },
          ]
        : [];
    return computedPreview(input.repositoryId, seen, { warnings, raises });
  },
  egress: (input) => [
    { connection: input.connection, method: 'PUT', path: `${pathOf(input)}/pulls/${input.number}/merge` },
  ],
  async execute(input, writer, context) {
    const approved = approvedOf(context);
    const { github, pull, readiness } = await look(input, writer);
    refuseChanged(wordsOf(input), approved.fingerprint, fingerprintOf(input, pull));
    if (readiness.blockers.length > 0)
      throw new FaultError(
        'world-changed',
        `${wordsOf(input)} can't be merged any more: ${readiness.blockers.join('; ')}.`,
      );
    const asked = { ...placeOf(input), pull_number: input.number, merge_method: input.method };
    const merged = await said(github.pulls.merge({ ...asked, sha: pull.head.sha }), wordsOf(input));
    return { number: input.number, commit: merged.sha };
  },
  async landed(input, reader, { approved }) {
    const { pull } = await openPull(reader, input);
    const same = pull.head.sha === (approved?.fingerprint as { head?: string } | undefined)?.head;
    if (pull.merged_at !== null) return same ? 'yes' : 'unclear';
    return pull.state === 'open' ? 'no' : 'unclear';
  },
  async verify(input, reader) {
    const { github, pull } = await openPull(reader, input);
    if (pull.merged_at === null)
      return { state: 'failed', evidence: `${wordsOf(input)} is ${pull.state}, not merged.` };
    const commit = pull.merge_commit_sha ?? '';
    const { ahead } = await changesBetween(github, input, input.base, commit);
    const words = `${wordsOf(input)} is merged as ${commit.slice(0, 7)}`;
    if (ahead === 0) return { state: 'healthy', evidence: `${words}, and ${input.base} has it.` };
    return { state: 'failed', evidence: `${words}, but ${input.base} does not have it: somebody moved it.` };
  },
  render: ({ number, commit }, input) => ({
    kind: 'text',
    text: `Merged pull request #${number} of ${nameOf(input)} as ${commit.slice(0, 7)}.`,
  }),
});

const patienceTries = 5;

/** The pull request once GitHub has computed whether it can be merged, and what stands against it. */
async function look(
  input: PullInput,
  reader: Reader,
): Promise<{ github: Octokit; pull: Pull; readiness: Readiness }> {
  const { github, pull: first } = await openPull(reader, input);
  let pull = first;
  for (let tries = 1; pull.mergeable === null && pull.state === 'open' && tries < patienceTries; tries += 1) {
    await reader.sleep(1000);
    pull = (await findPull(github, input)) ?? pull;
  }
  return { github, pull, readiness: await readinessOf(github, input, pull) };
}

/** What the approval is bound to: the very commit, and where it goes. */
function fingerprintOf({ repositoryId, number }: PullInput, { head, base, state, merged_at }: Pull) {
  return {
    repositoryId,
    number,
    head: head.sha,
    base: base.ref,
    state: merged_at === null ? state : 'merged',
  };
}

/** What the repository allows, the usual first. Where the token is not told, GitHub decides. */
function methodsOf(repository: Repository): Method[] {
  const { allow_merge_commit, allow_squash_merge, allow_rebase_merge } = repository;
  const all: [Method, boolean | undefined][] = [
    ['merge', allow_merge_commit],
    ['squash', allow_squash_merge],
    ['rebase', allow_rebase_merge],
  ];
  return all.filter(([, allowed]) => allowed !== false).map(([each]) => each);
}
