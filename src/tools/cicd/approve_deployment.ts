import { z } from 'zod';
import { defineOperation, type QuestionOption } from '../../domain/operation.ts';
import { type Octokit, said } from '../../github/client.ts';
import { approvedOf, computedPreview, hasMark, markOf, refuseChanged } from '../../github/guarded-write.ts';
import { nameOf, openRepository, pathOf, placeOf, type RepositoryInput } from '../../github/repository.ts';
import { examples } from './approve_deployment.examples.ts';
import { followRun, locateRun, openRun, type Run, runInput, runRequest, wordsOf } from './run.ts';
import { assessRun, patienceMilliseconds, runWriteParts } from './run-write.ts';

const gateInput = runInput.extend({
  gate: z.strictObject({ id: z.number().int(), name: z.string().min(1) }),
});
type GateInput = z.infer<typeof gateInput>;

type Gate = { id: number; name: string; mayApprove: boolean };

export const approveDeployment = defineOperation({
  ...runWriteParts,
  id: 'cicd.approve_deployment',
  version: 1,
  summary: 'Lets a run that waits at an environment’s gate on GitHub go on, and follows it.',
  effect: 'run-code',
  request: runRequest.extend({ gate: z.string().optional().describe('The environment on GitHub.') }),
  input: gateInput,
  output: z.object({ run: z.number(), gate: z.string() }),
  examples,
  undo: {
    kind: 'irreversible',
    reason: 'An approval on GitHub is not taken back; cicd.cancel stops a run that is still going on.',
  },
  async resolve(request, reader) {
    const located = await locateRun(request, reader, 'let go on', ({ status }) => status === 'waiting');
    if (located.kind !== 'located') return located;
    const { at } = located;
    const { github } = await openRepository(reader, at);
    const gates = await gatesOf(github, at, at.run);
    if (gates.length === 0) return { kind: 'impossible', reason: `Run ${at.run} waits at no gate.` };
    const wanted = request.gate?.trim().toLowerCase();
    const fits = gates.filter(({ name }) => wanted === undefined || name.toLowerCase() === wanted);
    const [gate, ...others] = fits;
    if (gate === undefined || others.length > 0) {
      const options = gates.map(({ name }): QuestionOption => ({ label: name, patch: { gate: name } }));
      return {
        kind: 'question',
        question: { text: `Past which gate of run ${at.run}?`, field: 'gate', options },
      };
    }
    const reason = `Reign's token is no reviewer of ${gate.name} in ${nameOf(at)}: GitHub lets others approve it.`;
    if (!gate.mayApprove) return { kind: 'impossible', reason };
    return { kind: 'input', input: { ...at, gate: { id: gate.id, name: gate.name } } };
  },
  assess: (input) =>
    assessRun(input, 'run-code', [
      `passes the gate ${input.gate.name} on GitHub in the name of Reign's token`,
    ]),
  describe: (input) => ({
    title: `Let ${wordsOf(input)} (${input.environment}) past the gate ${input.gate.name}`,
    byHand: `gh api repos/${nameOf(input)}/actions/runs/${input.run}/pending_deployments -F 'environment_ids[]=${input.gate.id}' -f state=approved -f comment=''`,
  }),
  async preview(input, reader) {
    const { github, run } = await openRun(reader, input);
    const about = {
      workflow: input.workflow,
      branch: run.head_branch,
      commit: run.head_sha,
      event: run.event,
    };
    return computedPreview(input.repositoryId, {
      before: { ...about, gate: input.gate.name, state: 'waiting' },
      after: { ...about, gate: input.gate.name, state: 'approved' },
      fingerprint: await fingerprintOf(github, input, run),
      summary: `${input.gate.name}: waiting → approved, ${run.head_branch ?? ''} at ${run.head_sha.slice(0, 7)}`,
    });
  },
  egress: (input) => [
    {
      connection: input.connection,
      method: 'POST',
      path: `${pathOf(input)}/actions/runs/${input.run}/pending_deployments`,
    },
  ],
  async execute(input, writer, context) {
    const approved = approvedOf(context);
    const { github, run } = await openRun(writer, input);
    refuseChanged(wordsOf(input), approved.fingerprint, await fingerprintOf(github, input, run));
    const comment = `Approved through Reign. ${markOf(context.idempotencyKey)}`;
    const asked = { ...placeOf(input), run_id: input.run, environment_ids: [input.gate.id], comment };
    const sent = github.actions.reviewPendingDeploymentsForRun({ ...asked, state: 'approved' });
    await said<unknown>(sent, wordsOf(input));
    return { run: input.run, gate: input.gate.name };
  },
  async landed(input, reader, { idempotencyKey }) {
    const { github } = await openRun(reader, input);
    const asked = { ...placeOf(input), run_id: input.run };
    const reviews = await said(github.actions.getReviewsForRun(asked), wordsOf(input));
    if (reviews.some(({ comment }) => hasMark(comment, idempotencyKey))) return 'yes';
    return (await isWaiting(github, input)) ? 'no' : 'unclear';
  },
  async verify(input, reader) {
    const { github } = await openRun(reader, input);
    if (await isWaiting(github, input))
      return { state: 'failed', evidence: `${wordsOf(input)} still waits at ${input.gate.name}.` };
    return followRun(github, input, input.run, reader, patienceMilliseconds);
  },
  render: ({ run, gate }) => ({ kind: 'text', text: `Run ${run} was let past ${gate}.` }),
});

/** What the approval is bound to: the very code and attempt, waiting at the gate. */
async function fingerprintOf(github: Octokit, input: GateInput, { run_attempt = 1, head_sha }: Run) {
  const { repositoryId, run, gate } = input;
  const waiting = await isWaiting(github, input);
  return { repositoryId, run, attempt: run_attempt, commit: head_sha, gate: gate.id, waiting };
}

async function isWaiting(github: Octokit, input: GateInput): Promise<boolean> {
  return (await gatesOf(github, input, input.run)).some(({ id }) => id === input.gate.id);
}

/** The environments that wait for somebody's approval. */
async function gatesOf(github: Octokit, input: RepositoryInput, run: number): Promise<Gate[]> {
  const asked = { ...placeOf(input), run_id: run };
  const pending = await said(github.actions.getPendingDeploymentsForRun(asked), `gates of run ${run}`);
  return pending.map(({ environment, current_user_can_approve }) => ({
    id: environment.id ?? 0,
    name: environment.name ?? '',
    mayApprove: current_user_can_approve === true,
  }));
}
