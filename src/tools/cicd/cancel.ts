import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation } from '../../domain/operation.ts';
import { said } from '../../github/client.ts';
import { approvedOf, computedPreview, refuseChanged } from '../../github/guarded-write.ts';
import { nameOf, pathOf, placeOf } from '../../github/repository.ts';
import { examples } from './cancel.examples.ts';
import { locateRun, openRun, runInput, runRequest, stateOf, wordsOf } from './run.ts';
import { assessRun, fingerprintOf, runWriteParts } from './run-write.ts';

const patienceTries = 120;

export const cancel = defineOperation({
  ...runWriteParts,
  id: 'cicd.cancel',
  version: 1,
  summary: 'Cancels a workflow run that is queued or going on.',
  effect: 'update',
  // Cancelling twice is cancelling once.
  repeat: 'safe',
  request: runRequest,
  input: runInput,
  output: z.object({ run: z.number() }),
  examples,
  undo: {
    kind: 'irreversible',
    reason: 'A cancelled run does not go on; cicd.rerun starts it from the beginning.',
  },
  limits: { seconds: 300, memoryMb: 256 },
  async resolve(request, reader) {
    const located = await locateRun(request, reader, 'cancel', ({ status }) => status !== 'completed');
    if (located.kind !== 'located') return located;
    const { at, run } = located;
    if (run.status === 'completed')
      return { kind: 'impossible', reason: `Run ${run.id} has ended already: ${stateOf(run)}.` };
    return { kind: 'input', input: at };
  },
  assess: (input) => assessRun(input, 'update', ['what the run has begun may stay half done']),
  describe: (input) => ({
    title: `Cancel ${wordsOf(input)} (${input.environment})`,
    byHand: `gh run cancel ${input.run} -R ${nameOf(input)}`,
  }),
  async preview(input, reader) {
    const { run } = await openRun(reader, input);
    if (run.status === 'completed')
      throw new FaultError('conflict', `${wordsOf(input)} has ended by now: ${stateOf(run)}.`);
    const { attempt, commit } = fingerprintOf(input, run);
    const about = { workflow: input.workflow, branch: run.head_branch, commit, attempt, event: run.event };
    return computedPreview(input.repositoryId, {
      before: { ...about, ended: false },
      after: { ...about, ended: true, conclusion: 'cancelled' },
      fingerprint: fingerprintOf(input, run),
      summary: `attempt ${attempt} on ${run.head_branch ?? commit.slice(0, 7)} → cancelled`,
    });
  },
  egress: (input) => [
    {
      connection: input.connection,
      method: 'POST',
      path: `${pathOf(input)}/actions/runs/${input.run}/cancel`,
    },
  ],
  async execute(input, writer, context) {
    const approved = approvedOf(context);
    const { github, run } = await openRun(writer, input);
    refuseChanged(wordsOf(input), approved.fingerprint, fingerprintOf(input, run));
    const asked = { ...placeOf(input), run_id: input.run };
    await said<unknown>(github.actions.cancelWorkflowRun(asked), wordsOf(input));
    return { run: input.run };
  },
  async landed(input, reader) {
    const { run } = await openRun(reader, input);
    if (run.status !== 'completed') return 'unclear';
    return run.conclusion === 'cancelled' ? 'yes' : 'no';
  },
  async verify(input, reader) {
    for (let tries = 0; tries < patienceTries; tries += 1) {
      const { run } = await openRun(reader, input);
      if (run.status === 'completed') {
        const evidence = `Run ${run.id} ended: ${stateOf(run)}.`;
        return { state: run.conclusion === 'cancelled' ? 'healthy' : 'failed', evidence };
      }
      if (tries === 0) reader.report(`waiting for run ${run.id} to stop`);
      await reader.sleep(tries < 5 ? 500 : 2000);
    }
    return { state: 'unclear', evidence: `Run ${input.run} was told to stop, but goes on.` };
  },
  render: ({ run }) => ({ kind: 'text', text: `Cancelled run ${run}.` }),
});
