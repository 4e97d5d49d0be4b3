import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { quoteWord } from '../../domain/shell-words.ts';
import { clip } from '../../domain/text.ts';
import { all, type Octokit, said } from '../../github/client.ts';
import {
  approvedOf,
  computedPreview,
  hasMark,
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
import { closeUndo, newestThreads, type Thread } from './close-undo.ts';
import { examples } from './create_issue.examples.ts';

const issueInput = repositoryInput.extend({ title: z.string().min(1).max(256) });
type IssueInput = z.infer<typeof issueInput>;

const undo = closeUndo<IssueInput>({
  noun: 'issue',
  async candidates(github, input) {
    const threads = await newestThreads(github, input);
    return threads.filter(({ title, pull_request }) => title === input.title && pull_request === undefined);
  },
  close: (github, input, issue_number) =>
    github.issues.update({ ...placeOf(input), issue_number, state: 'closed', state_reason: 'not_planned' }),
  async inUse(_github, _input, { state, comments = 0 }) {
    return state === 'open' && comments > 0 ? `has ${comments} comments by now` : undefined;
  },
});

export const createIssue = defineOperation({
  ...writeParts,
  id: 'github.create_issue',
  version: 1,
  summary: 'Opens an issue.',
  effect: 'create',
  request: z.strictObject({ repo: z.string().optional(), title: z.string().optional() }),
  input: issueInput,
  output: z.object({ number: z.number(), url: z.string() }),
  examples,
  undo,
  async resolve(request, reader) {
    const located = await locateForWrite(request, reader, 'open an issue in');
    if (located.kind !== 'located') return located;
    if (located.repository.has_issues === false)
      return { kind: 'impossible', reason: `Issues are switched off in ${nameOf(located.at)}.` };
    const title = request.title?.trim() ?? '';
    if (title === '') return ask('What shall the title of the issue be?', 'title', []);
    if (title.length > 256)
      return { kind: 'impossible', reason: 'The title of an issue has 256 characters at most.' };
    return { kind: 'input', input: { ...located.at, title } };
  },
  assess: (input) => assessRepository(input, 'create', ['issues']),
  describe: (input) => ({
    title: `Open the issue “${clip(input.title, 80)}” in ${nameOf(input)} (${input.environment})`,
    byHand: `gh issue create -R ${nameOf(input)} --title ${quoteWord(input.title)} --body ''`,
  }),
  async preview(input, reader) {
    const { github, repository } = await openRepository(reader, input);
    const twins = (await openIssues(github, input)).filter(({ title }) => title === input.title);
    const warnings = twins.map(({ number }) => `Issue #${number} has the same title and is open.`);
    const seen = {
      before: null,
      after: { title: input.title, state: 'open' },
      fingerprint: { repositoryId: input.repositoryId, issues: repository.has_issues !== false },
      summary: `opens an issue in ${nameOf(input)}`,
    };
    return computedPreview(input.repositoryId, seen, { warnings });
  },
  egress: (input) => [
    { connection: input.connection, method: 'POST', path: `${pathOf(input)}/issues` },
    {
      connection: input.connection,
      method: 'PATCH',
      path: numbered(input, 'issues'),
    },
  ],
  async execute(input, writer, context) {
    const approved = approvedOf(context);
    const { github, repository } = await openRepository(writer, input);
    const issues = repository.has_issues !== false;
    refuseChanged(nameOf(input), approved.fingerprint, { repositoryId: repository.id, issues });
    const before = (await newestThreads(github, input)).find(({ body }) =>
      hasMark(body, context.idempotencyKey),
    );
    if (before !== undefined) return { number: before.number, url: before.html_url };
    const asked = { ...placeOf(input), title: input.title, body: markOf(context.idempotencyKey) };
    const { number, html_url } = await said(github.issues.create(asked), `An issue in ${nameOf(input)}`);
    return { number, url: html_url };
  },
  async landed(input, reader, { idempotencyKey }) {
    const { github } = await openRepository(reader, input);
    return (await newestThreads(github, input)).some(({ body }) => hasMark(body, idempotencyKey))
      ? 'yes'
      : 'no';
  },
  async verify(input, reader, { idempotencyKey }) {
    const { github } = await openRepository(reader, input);
    const issue = (await newestThreads(github, input)).find(({ body }) => hasMark(body, idempotencyKey));
    if (issue?.state === 'open') return { state: 'healthy', evidence: `Issue #${issue.number} is open.` };
    if (issue === undefined) return { state: 'failed', evidence: 'The issue is not among the newest.' };
    return { state: 'failed', evidence: `Somebody closed issue #${issue.number} at once.` };
  },
  render: ({ number, url }, input) => ({
    kind: 'text',
    text: `Issue #${number} of ${nameOf(input)}: ${url}`,
  }),
});

function openIssues(github: Octokit, input: IssueInput): Promise<Thread[]> {
  const place = { ...placeOf(input), state: 'open' as const };
  return all<Thread>((paging) => github.issues.listForRepo({ ...place, ...paging }), nameOf(input));
}
