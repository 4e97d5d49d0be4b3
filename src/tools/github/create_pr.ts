import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { nearNames } from '../../domain/near-names.ts';
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
  branchNames,
  headOf,
  locateForWrite,
  nameOf,
  numbered,
  openRepository,
  pathOf,
  placeOf,
  repositoryInput,
  type Unlocated,
} from '../../github/repository.ts';
import { askName } from './ask.ts';
import { branchName } from './branch.ts';
import { changesBetween, firstLine, plural } from './changes.ts';
import { closeUndo } from './close-undo.ts';
import { examples } from './create_pr.examples.ts';
import type { Pull } from './pull.ts';

const prInput = repositoryInput.extend({
  head: branchName,
  base: branchName,
  title: z.string().min(1).max(256),
});
type PrInput = z.infer<typeof prInput>;
type Between = Omit<PrInput, 'title'>;

const undo = closeUndo<PrInput>({
  noun: 'pull request',
  candidates: pullsBetween,
  close: (github, input, pull_number) =>
    github.pulls.update({ ...placeOf(input), pull_number, state: 'closed' }),
  async inUse(github, input, { number, state, merged_at }) {
    if (merged_at != null) return 'was merged since';
    if (state !== 'open') return undefined;
    const asked = { ...placeOf(input), pull_number: number, per_page: 100 };
    const reviews = await said(github.pulls.listReviews(asked), `reviews of #${number}`);
    return reviews.length > 0 ? `has ${plural(reviews.length, 'review')} by now` : undefined;
  },
});

export const createPr = defineOperation({
  ...writeParts,
  id: 'github.create_pr',
  version: 1,
  summary: 'Opens a pull request from one branch to another.',
  effect: 'create',
  request: z.strictObject({
    repo: z.string().optional(),
    head: z.string().optional(),
    base: z.string().optional(),
    title: z.string().optional(),
  }),
  input: prInput,
  output: z.object({ number: z.number(), url: z.string() }),
  examples,
  undo,
  async resolve(request, reader) {
    const located = await locateForWrite(request, reader, 'open a pull request in');
    if (located.kind !== 'located') return located;
    const { at, github, repository } = located;
    const base = request.base?.trim() || repository.default_branch;
    const head = request.head?.trim() ?? '';
    const names = await branchNames(github, at);
    const wrong = misnamed(names, head, 'head', base) ?? misnamed(names, base, 'base', head);
    if (wrong) return wrong;
    if (head === base) return { kind: 'impossible', reason: `${head} can't be merged into itself.` };
    const changes = await changesBetween(github, at, base, head);
    if (changes.ahead === 0)
      return { kind: 'impossible', reason: `${head} has no commits that ${base} has not.` };
    const open = await openBetween(github, { ...at, head, base });
    if (open) {
      const reason = `Pull request #${open.number} from ${head} to ${base} is open already: ${open.html_url}`;
      return { kind: 'impossible', reason };
    }
    const said = request.title?.trim() || changes.commits.at(-1)?.slice(8) || head;
    return { kind: 'input', input: { ...at, head, base, title: clip(firstLine(said), 256) } };
  },
  assess: (input) => assessRepository(input, 'create', [`branch/${input.head}`]),
  describe: (input) => ({
    title: `Open a pull request from ${input.head} to ${input.base} in ${nameOf(input)} (${input.environment})`,
    byHand: `gh pr create -R ${nameOf(input)} --head ${quoteWord(input.head)} --base ${quoteWord(input.base)} --title ${quoteWord(input.title)} --body ''`,
  }),
  async preview(input, reader) {
    const { github } = await openRepository(reader, input);
    const fingerprint = await fingerprintOf(github, input);
    const { ahead, behind, ...changes } = await changesBetween(github, input, input.base, input.head);
    const { head, base, title } = input;
    const seen = {
      before: null,
      after: { title, head, base, state: 'open', ...changes },
      fingerprint,
      summary: `${plural(ahead, 'commit')} and ${plural(changes.files.length + changes.moreFiles, 'file')} from ${head} for ${base}`,
    };
    const warnings = behind > 0 ? [`${head} is ${plural(behind, 'commit')} behind ${base}.`] : [];
    return computedPreview(input.repositoryId, seen, { warnings });
  },
  egress: (input) => [
    { connection: input.connection, method: 'POST', path: `${pathOf(input)}/pulls` },
    { connection: input.connection, method: 'PATCH', path: numbered(input, 'pulls') },
  ],
  async execute(input, writer, context) {
    const approved = approvedOf(context);
    const { github } = await openRepository(writer, input);
    const open = await openBetween(github, input);
    if (open !== undefined && hasMark(open.body, context.idempotencyKey))
      return { number: open.number, url: open.html_url };
    refuseChanged(
      `${input.head} in ${nameOf(input)}`,
      approved.fingerprint,
      await fingerprintOf(github, input),
    );
    const { head, base, title } = input;
    const asked = { ...placeOf(input), head, base, title, body: markOf(context.idempotencyKey) };
    const { number, html_url } = await said(github.pulls.create(asked), `A pull request in ${nameOf(input)}`);
    return { number, url: html_url };
  },
  async landed(input, reader, { idempotencyKey }) {
    const { github } = await openRepository(reader, input);
    const pulls = await pullsBetween(github, input);
    return pulls.some(({ body }) => hasMark(body, idempotencyKey)) ? 'yes' : 'no';
  },
  async verify(input, reader, { approved, idempotencyKey }) {
    const { github } = await openRepository(reader, input);
    const pull = (await pullsBetween(github, input)).find(({ body }) => hasMark(body, idempotencyKey));
    if (pull === undefined) return { state: 'failed', evidence: 'The pull request is not there.' };
    const words = `Pull request #${pull.number} is ${pull.merged_at === null ? pull.state : 'merged'}.`;
    const head = (approved?.fingerprint as { head?: string } | undefined)?.head;
    if (head !== undefined && pull.head.sha !== head)
      return { state: 'healthy', evidence: `${words} Its branch has moved on since.` };
    return {
      state: pull.state === 'open' || pull.merged_at !== null ? 'healthy' : 'failed',
      evidence: words,
    };
  },
  render: ({ number, url }, input) => ({
    kind: 'text',
    text: `Pull request #${number} of ${nameOf(input)}: ${url}`,
  }),
});

/** What the approval is bound to: the commit that is offered, and that nothing is open between the two yet. */
async function fingerprintOf(github: Octokit, input: PrInput) {
  const [head, base, open] = await Promise.all([
    headOf(github, input, input.head),
    headOf(github, input, input.base),
    openBetween(github, input),
  ]);
  if (head === undefined || base === undefined) {
    const gone = head === undefined ? input.head : input.base;
    throw new FaultError('world-changed', `${nameOf(input)} has no branch ${gone} any more.`);
  }
  return { repositoryId: input.repositoryId, head, open: open?.number ?? null };
}

async function openBetween(github: Octokit, input: Between): Promise<Pull | undefined> {
  return (await pullsBetween(github, input)).find(({ state }) => state === 'open');
}

/** Pull requests of any state from one branch to the other, newest first. */
async function pullsBetween(github: Octokit, input: Between): Promise<Pull[]> {
  const { owner, head, base } = input;
  const asked = { ...placeOf(input), head: `${owner}:${head}`, base, state: 'all' as const };
  const pulls: Pull[] = await all((paging) => github.pulls.list({ ...asked, ...paging }), nameOf(input));
  return pulls.filter((pull) => pull.head.ref === head && pull.base.ref === base);
}

function misnamed(
  names: readonly string[],
  name: string,
  field: 'head' | 'base',
  other: string,
): Unlocated | undefined {
  if (names.includes(name)) return undefined;
  const choices = names.filter((each) => each !== other);
  if (name === '') return askName('From which branch?', field, choices);
  const near = nearNames(name, choices);
  if (near.length > 0) return askName(`There is no branch ${name}. Did you mean this?`, field, near);
  const known =
    choices.length === 0 ? 'There are none besides.' : `There are: ${choices.slice(0, 15).join(', ')}.`;
  return { kind: 'impossible', reason: `There is no branch ${name}. ${known}` };
}
