import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { said } from '../../github/client.ts';
import { approvedOf, computedPreview, refuseChanged } from '../../github/guarded-write.ts';
import { nameOf, pathOf, placeOf } from '../../github/repository.ts';
import { examples } from './rerun.examples.ts';
import { followRun, locateRun, openRun, runInput, runRequest, stateOf, wordsOf } from './run.ts';
import { assessRun, fingerprintOf, patienceMilliseconds, runWriteParts } from './run-write.ts';

export const rerun = defineOperation({
  ...runWriteParts,
  id: 'cicd.rerun',
  version: 1,
  summary: 'Runs the failed jobs of a workflow run again, or all where none failed, and follows them.',
  effect: 'run-code',
  request: runRequest,
  input: runInput.extend({ failedOnly: z.boolean() }),
  output: z.object({ run: z.number(), attempt: z.number(), url: z.string() }),
  examples,
  undo: {
    kind: 'irreversible',
    reason: 'What a run has done stays done; cicd.cancel stops one that is still going on.',
  },
  async resolve(request, reader) {
    const located = await locateRun(
      request,
      reader,
      'run again',
      ({ conclusion }) => conclusion === 'failure',
    );
    if (located.kind !== 'located') return located;
    const { at, run } = located;
    if (run.status !== 'completed')
      return { kind: 'impossible', reason: `Run ${run.id} is ${stateOf(run)}: it has to end first.` };
    return { kind: 'input', input: { ...at, failedOnly: run.conclusion === 'failure' } };
  },
  assess: (input) => assessRun(input, 'run-code', ['runs the workflow’s code with its secrets']),
  describe: (input) => ({
    title: `Run ${input.failedOnly ? 'the failed jobs of ' : ''}${wordsOf(input)} again (${input.environment})`,
    byHand: `gh run rerun ${input.run} -R ${nameOf(input)}${input.failedOnly ? ' --failed' : ''}`,
  }),
  async preview(input, reader) {
    const { run } = await openRun(reader, input);
    const { attempt, commit } = fingerprintOf(input, run);
    const about = { workflow: input.workflow, branch: run.head_branch, commit, event: run.event };
    return computedPreview(input.repositoryId, {
      before: { ...about, attempt, state: stateOf(run) },
      after: { ...about, attempt: attempt + 1, state: 'queued' },
      fingerprint: fingerprintOf(input, run),
      summary: `attempt ${attempt} ${stateOf(run)} → attempt ${attempt + 1}`,
    });
  },
  egress: (input) => [
    {
      connection: input.connection,
      method: 'POST',
      path: `${pathOf(input)}/actions/runs/${input.run}/${input.failedOnly ? 'rerun-failed-jobs' : 'rerun'}`,
    },
  ],
  async execute(input, writer, context) {
    const approved = approvedOf(context);
    const { github, run } = await openRun(writer, input);
    refuseChanged(wordsOf(input), approved.fingerprint, fingerprintOf(input, run));
    const asked = { ...placeOf(input), run_id: input.run };
    const answer = input.failedOnly
      ? github.actions.reRunWorkflowFailedJobs(asked)
      : github.actions.reRunWorkflow(asked);
    await said<unknown>(answer, wordsOf(input));
    return { run: input.run, attempt: (run.run_attempt ?? 1) + 1, url: run.html_url };
  },
  async landed(input, reader, { approved }) {
    const { run } = await openRun(reader, input);
    const before = (approved?.fingerprint as { attempt?: number } | undefined)?.attempt;
    if (before === undefined) return 'unclear';
    const attempt = run.run_attempt ?? 1;
    if (attempt > before) return attempt === before + 1 ? 'yes' : 'unclear';
    return run.status === 'completed' ? 'no' : 'unclear';
  },
  async verify(input, reader, { approved }) {
    const { github, run } = await openRun(reader, input);
    const before = (approved?.fingerprint as { attempt?: number } | undefined)?.attempt ?? 0;
    // The new attempt shows a moment after it was asked for.
    for (let tries = 0, now = run; (now.run_attempt ?? 1) <= before; tries += 1) {
      if (tries === 10) return { state: 'failed', evidence: `${wordsOf(input)} did not start again.` };
      await reader.sleep(1000);
      now = (await openRun(reader, input)).run;
    }
    return followRun(github, input, input.run, reader, patienceMilliseconds);
  },
  render: ({ run, attempt, url }) => ({ kind: 'text', text: `Run ${run}, attempt ${attempt}: ${url}` }),
});
