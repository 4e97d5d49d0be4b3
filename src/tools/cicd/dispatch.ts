import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { quoteWord } from '../../domain/shell-words.ts';
import { found, type Octokit, said } from '../../github/client.ts';
import { approvedOf, computedPreview, refuseChanged } from '../../github/guarded-write.ts';
import {
  assessRepository,
  commitOf,
  locateForWrite,
  nameOf,
  numbered,
  openRepository,
  pathOf,
  placeOf,
  type RepositoryInput,
  repositoryInput,
} from '../../github/repository.ts';
import { textOf } from './choose-recipe.ts';
import { examples } from './dispatch.examples.ts';
import { findRun, followRun, type Run, recentRuns } from './run.ts';
import { patienceMilliseconds, runWriteParts } from './run-write.ts';
import { dispatchableOf } from './triggers.ts';
import { chooseWorkflow, fileOf, type Workflow, workflowsOf } from './workflow.ts';

const dispatchInput = repositoryInput.extend({
  workflow: z.strictObject({ id: z.number().int(), path: z.string().min(1) }),
  ref: z.string().regex(/^[\w./+@-]+$/),
  commit: z.string().regex(/^[0-9a-f]{40}$/),
});
type DispatchInput = z.infer<typeof dispatchInput>;

const dispatchOutput = z.object({ run: z.number().nullable(), url: z.string() });

export const dispatch = defineOperation({
  ...runWriteParts,
  id: 'cicd.dispatch',
  version: 1,
  summary: 'Starts a workflow by hand and follows its run to the end.',
  effect: 'run-code',
  request: z.strictObject({
    repo: z.string().optional(),
    workflow: z.string().optional(),
    ref: z.string().optional(),
  }),
  input: dispatchInput,
  output: dispatchOutput,
  examples,
  undo: {
    kind: 'irreversible',
    reason: 'What a run has done stays done; cicd.cancel stops one that is still going on.',
  },
  async resolve(request, reader) {
    const located = await locateForWrite(request, reader, 'start a workflow of');
    if (located.kind !== 'located') return located;
    const { at, github, repository } = located;
    const chosen = chooseWorkflow(await workflowsOf(github, at), request.workflow, nameOf(at));
    if (chosen.kind !== 'workflow') return chosen;
    const { workflow } = chosen;
    const file = fileOf(workflow);
    if (workflow.state !== 'active')
      return { kind: 'impossible', reason: `The workflow ${file} is switched off (${workflow.state}).` };
    const ref = request.ref?.trim().replace(/^refs\/(heads|tags)\//, '') || repository.default_branch;
    const commit = await commitIfThere(github, at, ref);
    if (commit === undefined)
      return { kind: 'impossible', reason: `${nameOf(at)} has no branch or tag called ${ref}.` };
    const reason = await refusalOf(github, { ...at, commit }, workflow, ref);
    if (reason !== undefined) return { kind: 'impossible', reason };
    const { id, path } = workflow;
    return { kind: 'input', input: { ...at, workflow: { id, path }, ref, commit } };
  },
  assess: (input) =>
    assessRepository(
      input,
      'run-code',
      [`workflow/${fileOf(input.workflow)}`],
      ['runs the workflow’s code with its secrets'],
    ),
  describe: (input) => ({
    title: `Start ${fileOf(input.workflow)} of ${nameOf(input)} (${input.environment}) on ${input.ref}`,
    byHand: `gh workflow run ${quoteWord(fileOf(input.workflow))} -R ${nameOf(input)} --ref ${quoteWord(input.ref)}`,
  }),
  async preview(input, reader) {
    const { github } = await openRepository(reader, input);
    const { ref, commit } = input;
    return computedPreview(input.repositoryId, {
      before: { lastRun: (await startedByHand(github, input))[0]?.id ?? 0 },
      after: {
        workflow: input.workflow.path,
        ref,
        commit,
        content: (await textOf(github, input, input.workflow.path, commit)) ?? null,
      },
      fingerprint: await fingerprintOf(github, input),
      summary: `starts ${fileOf(input.workflow)} on ${ref} at ${commit.slice(0, 7)}`,
    });
  },
  egress: (input) => {
    const { connection } = input;
    const path = `${pathOf(input)}/actions/workflows/${input.workflow.id}/dispatches`;
    // A run of other code than was approved is cancelled.
    const cancelled = new RegExp(`${numbered(input, 'actions/runs').source}/cancel`);
    return [
      { connection, method: 'POST', path },
      { connection, method: 'POST', path: cancelled },
    ];
  },
  async execute(input, writer, context) {
    const approved = approvedOf(context);
    const { github } = await openRepository(writer, input);
    refuseChanged(wordsOf(input), approved.fingerprint, await fingerprintOf(github, input));
    const last = (await startedByHand(github, input))[0]?.id ?? 0;
    const asked = { ...placeOf(input), workflow_id: input.workflow.id, ref: input.ref };
    await said<unknown>(github.actions.createWorkflowDispatch(asked), wordsOf(input));
    const run = await awaitRun(github, input, last, writer);
    if (run === undefined) return { run: null, url: '' };
    if (run.head_sha !== input.commit)
      await found<unknown>(
        github.actions.cancelWorkflowRun({ ...placeOf(input), run_id: run.id }),
        wordsOf(input),
      );
    return { run: run.id, url: run.html_url };
  },
  async landed(input, reader, { approved }) {
    const { github } = await openRepository(reader, input);
    const { lastRun = 0 } = (approved?.before ?? {}) as { lastRun?: number };
    const own = await ownLogin(github);
    // A run shows a moment after it was asked for.
    await reader.sleep(5000);
    const runs = (await startedByHand(github, input)).filter(({ id }) => id > lastRun);
    if (runs.length === 0) return 'no';
    const ours = runs.filter(({ actor, head_sha }) => actor?.login === own && head_sha === input.commit);
    return own !== undefined && ours.length === 1 && runs.length === 1 ? 'yes' : 'unclear';
  },
  async verify(input, reader, { approved, output }) {
    const { github } = await openRepository(reader, input);
    const run = await runToFollow(github, input, approved?.before, output);
    if (run === undefined)
      return { state: 'unclear', evidence: `Which run of ${wordsOf(input)} was started can't be told.` };
    if (run.head_sha !== input.commit) {
      const evidence = `${input.ref} moved on in that moment: run ${run.id} began on ${run.head_sha.slice(0, 7)}, which nobody approved, and was cancelled.`;
      return { state: 'failed', evidence };
    }
    return followRun(github, input, run.id, reader, patienceMilliseconds);
  },
  render: ({ run, url }, input) => ({
    kind: 'text',
    text: run === null ? `Started ${wordsOf(input)}.` : `Started ${wordsOf(input)}: ${url}`,
  }),
});

function wordsOf(input: DispatchInput): string {
  return `${fileOf(input.workflow)} of ${nameOf(input)} on ${input.ref}`;
}

/** What the approval is bound to: the very code that the name leads to, and that the workflow is on. */
async function fingerprintOf(github: Octokit, input: DispatchInput) {
  const asked = { ...placeOf(input), workflow_id: input.workflow.id };
  const [commit, workflow] = await Promise.all([
    commitIfThere(github, input, input.ref),
    found(github.actions.getWorkflow(asked), wordsOf(input)),
  ]);
  return { repositoryId: input.repositoryId, commit: commit ?? null, workflow: workflow?.state ?? null };
}

async function commitIfThere(
  github: Octokit,
  input: RepositoryInput,
  ref: string,
): Promise<string | undefined> {
  try {
    return await commitOf(github, input, ref);
  } catch (error) {
    const code = error instanceof FaultError ? error.fault.code : undefined;
    if (code === 'not-found' || code === 'bad-request' || code === 'conflict') return undefined;
    throw error;
  }
}

async function refusalOf(
  github: Octokit,
  at: RepositoryInput & { commit: string },
  { path }: Workflow,
  ref: string,
): Promise<string | undefined> {
  const text = await textOf(github, at, path, at.commit);
  if (text === undefined) return `${ref} has no file ${path}.`;
  const { byHand, required } = dispatchableOf(text);
  if (!byHand) return `${path} can't be started by hand: it does not say \`on: workflow_dispatch\`.`;
  if (required.length === 0) return undefined;
  return `${path} needs inputs that have no default: ${required.join(', ')}. Give them one, or start it on GitHub.`;
}

/** Runs of the workflow that somebody started by hand on the ref, newest first. */
async function startedByHand(github: Octokit, input: DispatchInput): Promise<Run[]> {
  const runs = await recentRuns(github, input, 50, input.workflow.id);
  return runs.filter(({ event, head_branch }) => event === 'workflow_dispatch' && head_branch === input.ref);
}

/** The run that was started, once GitHub shows it; undefined after half a minute. */
async function awaitRun(
  github: Octokit,
  input: DispatchInput,
  last: number,
  reader: Reader,
): Promise<Run | undefined> {
  reader.report('waiting for the run to show');
  for (let tries = 0; tries < 15; tries += 1) {
    const run = (await startedByHand(github, input)).findLast(({ id }) => id > last);
    if (run !== undefined) return run;
    await reader.sleep(tries < 4 ? 500 : 2500);
  }
  return undefined;
}

async function runToFollow(
  github: Octokit,
  input: DispatchInput,
  before: unknown,
  output: unknown,
): Promise<Run | undefined> {
  const known = dispatchOutput.safeParse(output);
  if (known.success && known.data.run !== null) return findRun(github, input, known.data.run);
  const { lastRun = 0 } = (before ?? {}) as { lastRun?: number };
  const [run, ...others] = (await startedByHand(github, input)).filter(({ id }) => id > lastRun);
  return others.length === 0 ? run : undefined;
}

/** Whom the token belongs to; undefined where it belongs to an app. */
async function ownLogin(github: Octokit): Promise<string | undefined> {
  try {
    return (await said(github.users.getAuthenticated(), 'The token')).login;
  } catch {
    return undefined;
  }
}
