import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { clip } from '../../domain/text.ts';
import {
  assessRepository,
  locateRepository,
  nameOf,
  openRepository,
  repositoryInput,
} from '../../github/repository.ts';
import { type Run, recentRuns, stateOf } from './run.ts';
import { examples } from './status.examples.ts';
import { chooseWorkflow, fileOf, workflowsOf } from './workflow.ts';

const most = 15;

const row = z.object({
  run: z.number(),
  workflow: z.string(),
  title: z.string(),
  branch: z.string(),
  event: z.string(),
  state: z.string(),
  started: z.string(),
  seconds: z.number(),
  url: z.string(),
});

export const status = defineOperation({
  ...readParts,
  id: 'cicd.status',
  version: 1,
  summary: 'Says how the recent workflow runs of a repository went.',
  request: z.strictObject({ repo: z.string().optional(), workflow: z.string().optional() }),
  input: repositoryInput.extend({
    workflow: z.strictObject({ id: z.number().int(), file: z.string() }).nullable(),
  }),
  output: z.object({ runs: z.array(row) }),
  examples,
  connections: ['github'],
  async resolve(request, reader) {
    const located = await locateRepository(request, reader, 'see runs of');
    if (located.kind !== 'located') return located;
    const { at, github } = located;
    if (request.workflow === undefined || request.workflow.trim() === '')
      return { kind: 'input', input: { ...at, workflow: null } };
    const chosen = chooseWorkflow(await workflowsOf(github, at), request.workflow, nameOf(at));
    if (chosen.kind !== 'workflow') return chosen;
    const workflow = { id: chosen.workflow.id, file: fileOf(chosen.workflow) };
    return { kind: 'input', input: { ...at, workflow } };
  },
  assess: (input) => assessRepository(input, 'read', []),
  describe: (input) => ({
    title: `Show recent runs of ${input.workflow?.file ?? 'all workflows'} in ${nameOf(input)}`,
    byHand: `gh run list -R ${nameOf(input)}${input.workflow === null ? '' : ` --workflow ${input.workflow.file}`}`,
  }),
  async execute(input, reader) {
    const { github } = await openRepository(reader, input);
    const runs = await recentRuns(github, input, most, input.workflow?.id);
    return { runs: runs.map(rowOf) };
  },
  render({ runs }, input) {
    if (runs.length === 0) return { kind: 'text', text: `${nameOf(input)} has no workflow runs yet.` };
    const rows = runs.map(({ run, workflow, title, branch, event, state, started, seconds }) => [
      String(run),
      workflow,
      clip(title, 40),
      branch,
      event,
      state,
      `${started.slice(0, 16).replace('T', ' ')} (${lengthOf(seconds)})`,
    ]);
    const columns = ['Run', 'Workflow', 'Title', 'Branch', 'Event', 'State', 'Started'];
    return { kind: 'table', columns, rows, note: noteOf(runs) };
  },
});

function rowOf(run: Run): z.infer<typeof row> {
  const seconds = Math.round((Date.parse(run.updated_at) - Date.parse(run.created_at)) / 1000);
  return {
    run: run.id,
    workflow: run.name ?? String(run.workflow_id),
    title: run.display_title ?? run.name ?? '',
    branch: run.head_branch ?? run.head_sha.slice(0, 7),
    event: run.event,
    state: stateOf(run),
    started: run.created_at,
    seconds: Number.isFinite(seconds) ? Math.max(0, seconds) : 0,
    url: run.html_url,
  };
}

/** How many went well, and what failed last. */
function noteOf(runs: readonly z.infer<typeof row>[]): string {
  const ended = runs.filter(
    ({ state }) => !['queued', 'in progress', 'waiting', 'pending', 'requested'].includes(state),
  );
  const good = ended.filter(({ state }) => state === 'success').length;
  const failed = ended.find(({ state }) => state === 'failure' || state === 'timed_out');
  const last =
    failed === undefined ? '' : ` Last failure: ${failed.workflow} on ${failed.branch}, ${failed.url}`;
  return `${good} of ${ended.length} finished runs succeeded.${last}`;
}

function lengthOf(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
