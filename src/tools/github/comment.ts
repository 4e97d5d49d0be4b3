import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation, type UndoContract } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { quoteWord } from '../../domain/shell-words.ts';
import { clip } from '../../domain/text.ts';
import { all, found, type Octokit, said } from '../../github/client.ts';
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
  locateForWrite,
  nameOf,
  numbered,
  openRepository,
  pathOf,
  placeOf,
  repositoryInput,
} from '../../github/repository.ts';
import { ask } from './ask.ts';
import { examples } from './comment.examples.ts';

const commentInput = repositoryInput.extend({
  number: z.number().int().min(1),
  body: z.string().min(1).max(60_000),
});
type CommentInput = z.infer<typeof commentInput>;

type Comment = { id: number; body?: string | undefined; html_url: string };

/** The newest comment before the write: what was made has a higher number. */
const undo: UndoContract<CommentInput, { after: number }> = {
  kind: 'reversible',
  async capture(input, reader) {
    const { github } = await openRepository(reader, input);
    return { after: Math.max(0, ...(await commentsOf(github, input)).map(({ id }) => id)) };
  },
  async previewRestore(input, captured, reader) {
    const { comment } = await made(input, captured, reader);
    return computedPreview(input.repositoryId, {
      before: comment === undefined ? null : { body: input.body },
      after: null,
      fingerprint: { repositoryId: input.repositoryId, comment: comment?.id ?? null },
      summary:
        comment === undefined ? 'There is no such comment.' : `deletes the comment on #${input.number}`,
    });
  },
  async restore(input, captured, writer) {
    const { github, comment } = await made(input, captured, writer);
    if (comment === undefined) return;
    await said(github.issues.deleteComment({ ...placeOf(input), comment_id: comment.id }), wordsOf(input));
  },
  async verifyRestored(input, captured, reader) {
    const { comment } = await made(input, captured, reader);
    const evidence = `The comment is ${comment === undefined ? 'gone' : 'there'}.`;
    return { state: comment === undefined ? 'healthy' : 'failed', evidence };
  },
};

export const comment = defineOperation({
  ...writeParts,
  id: 'github.comment',
  version: 1,
  summary: 'Comments on an issue or a pull request.',
  effect: 'create',
  request: z.strictObject({
    repo: z.string().optional(),
    number: z.number().optional(),
    body: z.string().optional(),
  }),
  input: commentInput,
  output: z.object({ url: z.string() }),
  examples,
  undo,
  async resolve(request, reader) {
    const located = await locateForWrite(request, reader, 'comment in');
    if (located.kind !== 'located') return located;
    const { at, github } = located;
    const { number } = request;
    if (number === undefined) return ask('On which issue or pull request (its number)?', 'number', []);
    const issue = await found(github.issues.get({ ...placeOf(at), issue_number: number }), `#${number}`);
    if (issue === undefined)
      return { kind: 'impossible', reason: `${nameOf(at)} has no issue or pull request #${number}.` };
    if (issue.locked) return { kind: 'impossible', reason: `#${number} of ${nameOf(at)} is locked.` };
    const body = request.body?.trim() ?? '';
    if (body === '') return ask('What shall the comment say?', 'body', []);
    if (body.length > 60_000)
      return { kind: 'impossible', reason: 'A comment has 60,000 characters at most.' };
    return { kind: 'input', input: { ...at, number, body } };
  },
  assess: (input) => assessRepository(input, 'create', [`issues/${input.number}`]),
  describe: (input) => ({
    title: `Comment “${clip(input.body, 80)}” on ${wordsOf(input)} (${input.environment})`,
    byHand: `gh issue comment ${input.number} -R ${nameOf(input)} --body ${quoteWord(input.body)}`,
  }),
  async preview(input, reader) {
    const { github } = await openRepository(reader, input);
    const { title, fingerprint } = await look(github, input);
    return computedPreview(input.repositoryId, {
      before: null,
      after: { on: `#${input.number} ${clip(title, 200)}`, body: input.body },
      fingerprint,
      summary: `comments on “${clip(title, 80)}”`,
    });
  },
  egress: (input) => [
    {
      connection: input.connection,
      method: 'POST',
      path: `${pathOf(input)}/issues/${input.number}/comments`,
    },
    { connection: input.connection, method: 'DELETE', path: numbered(input, 'issues/comments') },
  ],
  async execute(input, writer, context) {
    const approved = approvedOf(context);
    const { github } = await openRepository(writer, input);
    const before = (await commentsOf(github, input)).find(({ body }) =>
      hasMark(body, context.idempotencyKey),
    );
    if (before !== undefined) return { url: before.html_url };
    refuseChanged(wordsOf(input), approved.fingerprint, (await look(github, input)).fingerprint);
    const body = `${input.body}\n\n${markOf(context.idempotencyKey)}`;
    const asked = { ...placeOf(input), issue_number: input.number, body };
    return { url: (await said(github.issues.createComment(asked), wordsOf(input))).html_url };
  },
  async landed(input, reader, { idempotencyKey }) {
    const { github } = await openRepository(reader, input);
    return (await commentsOf(github, input)).some(({ body }) => hasMark(body, idempotencyKey)) ? 'yes' : 'no';
  },
  async verify(input, reader, { idempotencyKey }) {
    const { github } = await openRepository(reader, input);
    const there = (await commentsOf(github, input)).some(({ body }) => hasMark(body, idempotencyKey));
    return {
      state: there ? 'healthy' : 'failed',
      evidence: `The comment is ${there ? 'there' : 'missing'}.`,
    };
  },
  render: ({ url }, input) => ({ kind: 'text', text: `Commented on ${wordsOf(input)}: ${url}` }),
});

function wordsOf(input: CommentInput): string {
  return `#${input.number} of ${nameOf(input)}`;
}

async function look(github: Octokit, input: CommentInput) {
  const asked = { ...placeOf(input), issue_number: input.number };
  const { title, id, locked } = await said(github.issues.get(asked), wordsOf(input));
  return { title, fingerprint: { repositoryId: input.repositoryId, id, locked: locked === true } };
}

function commentsOf(github: Octokit, input: CommentInput): Promise<Comment[]> {
  const asked = { ...placeOf(input), issue_number: input.number };
  return all<Comment>((paging) => github.issues.listComments({ ...asked, ...paging }), wordsOf(input));
}

/** The comment that the write made. @throws FaultError `world-changed` when somebody has edited it, or it can't be told. */
async function made(
  input: CommentInput,
  { after }: { after: number },
  reader: Reader,
): Promise<{ github: Octokit; comment: Comment | undefined }> {
  const { github } = await openRepository(reader, input);
  const ours = (await commentsOf(github, input)).filter(({ id, body }) => id > after && isMarked(body));
  const [first, ...others] = ours.filter(({ body }) => body?.startsWith(input.body));
  if (ours.length === 0) return { github, comment: undefined };
  if (first !== undefined && others.length === 0) return { github, comment: first };
  const why =
    first === undefined ? 'Somebody has edited the comment' : 'Which comment was made can’t be told';
  throw new FaultError('world-changed', `${why} on ${wordsOf(input)}. None was deleted.`);
}
