import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import type { QuestionOption, Verification } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { clip } from '../../domain/text.ts';
import { found, type Octokit, said } from '../../github/client.ts';
import {
  locateForWrite,
  nameOf,
  openRepository,
  placeOf,
  type RepositoryInput,
  repositoryInput,
  type Unlocated,
} from '../../github/repository.ts';

export const runRequest = z.strictObject({ repo: z.string().optional(), run: z.number().optional() });

/** Which run, in full. */
export const runInput = repositoryInput.extend({ run: z.number().int().min(1), workflow: z.string() });
export type RunInput = z.infer<typeof runInput>;

export type Run = {
  id: number;
  name?: string | null | undefined;
  display_title?: string | undefined;
  path?: string | undefined;
  workflow_id: number;
  run_attempt?: number | undefined;
  head_branch: string | null;
  head_sha: string;
  event: string;
  status: string | null;
  conclusion: string | null;
  html_url: string;
  created_at: string;
  updated_at: string;
  actor?: { login: string } | null | undefined;
  triggering_actor?: { login: string } | null | undefined;
};

/** The one run that a request means; without a number the newest that `fits` are asked about. */
export async function locateRun(
  request: z.infer<typeof runRequest>,
  reader: Reader,
  verb: string,
  fits: (run: Run) => boolean,
): Promise<{ kind: 'located'; at: RunInput; run: Run } | Unlocated> {
  const located = await locateForWrite(request, reader, `${verb} a run of`);
  if (located.kind !== 'located') return located;
  const { at, github } = located;
  const run = request.run === undefined ? undefined : await findRun(github, at, request.run);
  if (run !== undefined) {
    const workflow = run.name ?? `workflow ${run.workflow_id}`;
    return { kind: 'located', at: { ...at, run: run.id, workflow }, run };
  }
  const missing = request.run === undefined ? '' : `${nameOf(at)} has no run ${request.run}. `;
  const runs = (await recentRuns(github, at, 50)).filter(fits).slice(0, 10);
  if (runs.length === 0)
    return { kind: 'impossible', reason: `${missing}There is no run of ${nameOf(at)} to ${verb}.` };
  const options = runs.map((each): QuestionOption => ({ label: labelOf(each), patch: { run: each.id } }));
  return {
    kind: 'question',
    question: { text: `${missing}Which run do you want to ${verb}?`, field: 'run', options },
  };
}

/** @throws FaultError `world-changed` when the repository or the run is gone. */
export async function openRun(reader: Reader, input: RunInput): Promise<{ github: Octokit; run: Run }> {
  const { github } = await openRepository(reader, input);
  const run = await findRun(github, input, input.run);
  if (run !== undefined) return { github, run };
  throw new FaultError('world-changed', `${wordsOf(input)} is gone.`);
}

export function wordsOf({ run, workflow, ...repository }: RunInput): string {
  return `run ${run} of ${workflow} in ${nameOf(repository)}`;
}

export async function findRun(
  github: Octokit,
  input: RepositoryInput,
  run: number,
): Promise<Run | undefined> {
  const asked = { ...placeOf(input), run_id: run };
  return found<Run>(github.actions.getWorkflowRun(asked), `run ${run} of ${nameOf(input)}`);
}

/** The newest runs, of one workflow where one is named. */
export async function recentRuns(
  github: Octokit,
  input: RepositoryInput,
  most: number,
  workflow?: number,
): Promise<Run[]> {
  const asked = { ...placeOf(input), per_page: most };
  const what = `runs of ${nameOf(input)}`;
  const { workflow_runs } =
    workflow === undefined
      ? await said(github.actions.listWorkflowRunsForRepo(asked), what)
      : await said(github.actions.listWorkflowRuns({ ...asked, workflow_id: workflow }), what);
  return [...(workflow_runs as Run[])].sort((a, b) => b.id - a.id);
}

/** How a run ended, or how far it is. */
export function stateOf({ status, conclusion }: Pick<Run, 'status' | 'conclusion'>): string {
  return status === 'completed' ? (conclusion ?? 'completed') : (status ?? 'unknown').replaceAll('_', ' ');
}

function labelOf(run: Run): string {
  const title = clip(run.display_title ?? run.name ?? '', 50);
  return `${run.id}: ${title} (${stateOf(run)}, ${run.head_branch ?? run.head_sha.slice(0, 7)})`;
}

type Job = {
  name: string;
  status: string;
  conclusion: string | null;
  steps?: { name: string; conclusion: string | null }[] | undefined;
};

export async function jobsOf(github: Octokit, input: RepositoryInput, run: number): Promise<Job[]> {
  const asked = { ...placeOf(input), run_id: run, filter: 'latest' as const, per_page: 100 };
  const { jobs } = await said(github.actions.listJobsForWorkflowRun(asked), `jobs of run ${run}`);
  return jobs as Job[];
}

/** Follows a run to its end, telling what its jobs do; past `patience` milliseconds it is unclear. */
export async function followRun(
  github: Octokit,
  input: RepositoryInput,
  run: number,
  reader: Reader,
  patience: number,
): Promise<Verification> {
  const started = reader.now().getTime();
  let told = '';
  for (let wait = 1000; ; wait = Math.min(15_000, wait * 1.5)) {
    const now = await findRun(github, input, run);
    if (now === undefined) return { state: 'unclear', evidence: `Run ${run} is gone.` };
    const jobs = await jobsOf(github, input, run);
    const line = progressOf(now, jobs);
    if (line !== told) reader.report(line);
    told = line;
    if (now.status === 'completed') return verdictOf(now, jobs);
    // People may take days; the run has come as far as it goes by itself.
    if (now.status === 'waiting') return { state: 'healthy', evidence: waitingWords(now) };
    if (reader.now().getTime() - started > patience)
      return { state: 'unclear', evidence: `Run ${run} is still ${stateOf(now)}: ${now.html_url}` };
    await reader.sleep(wait);
  }
}

function waitingWords({ id, html_url }: Run): string {
  return `Run ${id} waits for an approval at a gate on GitHub: ${html_url}`;
}

function progressOf(run: Run, jobs: readonly Job[]): string {
  const done = jobs.filter(({ status }) => status === 'completed').length;
  const running = jobs.filter(({ status }) => status === 'in_progress').map(({ name }) => name);
  const now = running.length === 0 ? '' : `, now ${running.join(', ')}`;
  return `run ${run.id} is ${stateOf(run)}: ${done} of ${jobs.length} jobs done${now}`;
}

function verdictOf(run: Run, jobs: readonly Job[]): Verification {
  const words = `Run ${run.id} ended: ${stateOf(run)}. ${run.html_url}`;
  if (run.conclusion === 'success') return { state: 'healthy', evidence: words };
  const failed = jobs
    .filter(
      ({ conclusion }) => conclusion !== null && !['success', 'skipped', 'neutral'].includes(conclusion),
    )
    .map(({ name, conclusion, steps = [] }) => {
      const step = steps.find((each) => each.conclusion === 'failure');
      return `${name}: ${conclusion}${step === undefined ? '' : ` at “${step.name}”`}`;
    });
  return { state: 'failed', evidence: [words, ...failed].join('\n') };
}
