import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, type Json, sha256 } from '../../domain/json.ts';
import { type AnyOperation, defineOperation, type ExecuteContext } from '../../domain/operation.ts';
import type { Reader, Writer } from '../../domain/ports/reader.ts';
import { clip } from '../../domain/text.ts';
import { found, openGithub, said } from '../../github/client.ts';
import { commitEgress, commitFiles, isCommitOf } from '../../github/commit-files.ts';
import { approvedOf, markOf, refuseChanged } from '../../github/guarded-write.ts';
import {
  headOf,
  nameOf,
  numbered,
  pathOf,
  placeOf,
  type Repository,
  targetOf,
} from '../../github/repository.ts';
import { follow } from './follow.ts';
import { type ProposalInput, proposalInput, propose } from './proposal.ts';
import { pullInWords, pullOf } from './pull.ts';
import { proposalUndo } from './undo.ts';

/** Proposes as a pull request what one of the operations would do. It is put in their place; nobody asks for it. */
export function proposing(operations: readonly AnyOperation[]) {
  const standIns = operations.filter(({ delivered }) => delivered !== undefined);
  const known = new Map(standIns.map((operation) => [operation.id as string, operation]));
  const operationOf = ({ operation }: { operation: string }) => {
    const one = known.get(operation);
    if (one !== undefined) return one;
    throw new FaultError('unsupported', `${operation} is no change that a file could hold.`);
  };
  const assessedAs = (input: ProposalInput) => operationOf(input).assess(input.change as never);
  const describedAs = (input: ProposalInput) => operationOf(input).describe(input.change as never);
  return defineOperation({
    id: 'gitops.propose',
    version: 1,
    summary: 'Opens a pull request that makes a change in the files which are delivered to a cluster.',
    effect: 'update',
    // The branch, its commit and the pull request carry the key.
    repeat: 'safe-with-key',
    previews: 'dry-run',
    connections: ['kubernetes', 'github'],
    reports: true,
    stop: { signal: 'SIGTERM', graceSeconds: 5 },
    // It waits for the merge, and then for the delivery: an hour each at most.
    limits: { seconds: 2 * 3600 + 300, memoryMb: 256, lookSeconds: 60 },
    request: z.strictObject({ environment: z.string(), operation: z.string(), change: z.json() }),
    input: inputOf(standIns),
    output: z.object({ number: z.number(), url: z.string() }),
    examples: [],
    undo: proposalUndo,
    async resolve(request, reader) {
      const input = await locate(request, operationOf(request), reader);
      return typeof input === 'string' ? { kind: 'impossible', reason: input } : { kind: 'input', input };
    },
    assess: (input) => {
      const { targets, place, ...assessment } = assessedAs(input);
      const { environment, operation } = input;
      const own = targetOf(input, `branch/${input.branch}`);
      return {
        ...assessment,
        targets: [...targets, own],
        // What counts is whose files change.
        environment,
        place: place?.startsWith(`${environment}/`) ? place : environment,
        proposes: operation,
      };
    },
    describe: (input) => ({ title: `${describedAs(input).title}, by a pull request in ${nameOf(input)}` }),
    preview: async (input, reader) => (await propose(operationOf(input), input, reader)).preview,
    egress: (input) => {
      const { connection } = input;
      return [
        ...commitEgress(input),
        { connection, method: 'POST', path: `${pathOf(input)}/git/refs` },
        { connection, method: 'DELETE', path: `${pathOf(input)}/git/refs/heads/${input.branch}` },
        { connection, method: 'POST', path: `${pathOf(input)}/pulls` },
        { connection, method: 'PATCH', path: numbered(input, 'pulls') },
      ];
    },
    execute: (input, writer, context) =>
      open(operationOf(input), input, writer, context, describedAs(input).title),
    async landed(input, reader, { idempotencyKey }) {
      const github = await openGithub(reader, input.connection);
      // A branch without its pull request is gone on with.
      return (await pullOf(github, input, idempotencyKey)) === undefined ? 'no' : 'yes';
    },
    verify: (input, reader, { idempotencyKey }) => follow(operationOf(input), input, reader, idempotencyKey),
    render: ({ number, url }, input) => ({
      kind: 'text',
      text: `Pull request #${number} of ${nameOf(input)}: ${url}`,
    }),
  });
}

/** What the operation takes as input is checked as strictly as where it is done itself. */
function inputOf(operations: readonly AnyOperation[]): z.ZodType<ProposalInput> {
  const inputs = operations.map(({ id, input }) =>
    proposalInput.extend({ operation: z.literal(id), change: input }),
  );
  return z.union(inputs) as unknown as z.ZodType<ProposalInput>;
}

/** Where the change is proposed; a text says why it cannot be. */
async function locate(
  request: { environment: string; change: Json; operation: string },
  operation: AnyOperation,
  reader: Reader,
): Promise<ProposalInput | string> {
  const gitops = reader.environments.find(({ name }) => name === request.environment)?.gitops;
  if (gitops === undefined) return `Changes of ${request.environment} are not proposed as pull requests.`;
  const [owner = '', repo = ''] = gitops.repository.split('/');
  const github = await openGithub(reader, gitops.connection);
  const repository = await found<Repository>(github.repos.get({ owner, repo }), gitops.repository);
  if (repository === undefined)
    return `There is no repository ${gitops.repository}, or the token of ${gitops.connection} may not see it.`;
  if (repository.archived === true) return `${gitops.repository} is archived: nothing can be proposed in it.`;
  const at = {
    ...{ environment: request.environment, connection: gitops.connection, owner, repo },
    repositoryId: repository.id,
  };
  const head = (await headOf(github, at, gitops.branch)) ?? '';
  const parsed = operation.input.safeParse(request.change);
  if (!parsed.success)
    throw new FaultError(
      'bad-request',
      `The change is no input of ${operation.id}: ${z.prettifyError(parsed.error)}`,
    );
  const change = parsed.data;
  if (operation.assess(change as never).environment !== request.environment)
    return `The change is none of ${request.environment}.`;
  const input = {
    ...{ ...at, base: gitops.branch, path: gitops.path, waitSeconds: gitops.waitSeconds },
    ...{ operation: request.operation, change, branch: branchFor(operation, change as Json, head) },
  };
  const before = await pullOf(github, input);
  if (before?.state === 'open') return `${pullInWords(before)} proposes exactly this already.`;
  if ((await headOf(github, at, input.branch)) !== undefined)
    return `The branch ${input.branch} of ${gitops.repository} is left from an earlier proposal of this: delete it first.`;
  try {
    await propose(operation, input, reader);
    return input;
  } catch (error) {
    if (error instanceof FaultError && refusals.has(error.fault.code)) return error.fault.message;
    throw error;
  }
}

const refusals = new Set(['unsupported', 'not-found', 'too-large']);

/** One name for one change of one state of the files. */
function branchFor({ id }: AnyOperation, change: Json, head: string): string {
  const verb = (id.split('.')[1] ?? 'change').replaceAll('_', '-');
  return `reign/${verb}-${sha256(canonicalJson({ id, change, head })).slice(0, 12)}`;
}

async function open(
  operation: AnyOperation,
  input: ProposalInput,
  writer: Writer,
  context: ExecuteContext,
  title: string,
): Promise<{ number: number; url: string }> {
  const approved = approvedOf(context);
  const { idempotencyKey } = context;
  const { base, branch } = input;
  const place = placeOf(input);
  const mine = await pullOf(await openGithub(writer, input.connection), input, idempotencyKey);
  if (mine !== undefined) return { number: mine.number, url: mine.html_url };
  const { github, head, files, preview } = await propose(operation, input, writer);
  const words = `What would be proposed in ${nameOf(input)}`;
  refuseChanged(words, approved.fingerprint, preview.fingerprint);
  refuseChanged(words, approved.after, preview.after);
  const made = await headOf(github, input, branch);
  if (made === undefined) {
    const changed = files.map(({ path, mode, after }) =>
      after === null ? { path, mode, sha: null } : { path, mode, content: after },
    );
    const sha = await commitFiles(github, input, {
      parent: head,
      files: changed,
      message: title,
      idempotencyKey,
    });
    await said(github.git.createRef({ ...place, ref: `refs/heads/${branch}`, sha }), `branch ${branch}`);
  } else if (!(await isCommitOf(github, input, made, idempotencyKey))) {
    throw new FaultError(
      'world-changed',
      `There is a branch ${branch} of somebody else in ${nameOf(input)}.`,
    );
  }
  const body = `${preview.summary}\n\nProposed by Reign after it was approved there.\n\n${markOf(idempotencyKey)}`;
  const asked = { ...place, head: branch, base, title: clip(title, 250), body };
  const { number, html_url } = await said(github.pulls.create(asked), `A pull request in ${nameOf(input)}`);
  return { number, url: html_url };
}
