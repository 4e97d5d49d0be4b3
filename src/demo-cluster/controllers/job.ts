import { timestamp } from '../cluster.ts';
import { equal } from '../json.ts';
import { deleteObject } from '../removal.ts';
import { resourceOf } from '../resources.ts';
import type { Condition, Job, KubeObject, Pod } from '../types.ts';
import { type Context, changeStatus, createOwned, ownedBy, withCondition, workKey } from './context.ts';

const key = 'jobs.batch';
const source = { component: 'job-controller' };

/** Runs a Job's pods until enough have succeeded or too many have failed. */
export function reconcileJob(context: Context, object: KubeObject): void {
  const job = object as Job;
  if (job.metadata.deletionTimestamp !== undefined) return;
  if (isOver(job)) removeLater(context, job);
  else runJob(context, job);
}

function runJob(context: Context, job: Job): void {
  const { parallelism = 1, completions = 1, backoffLimit = 6, suspend } = job.spec;
  const pods = ownedBy<Pod>(context, 'pods', job).filter(
    (pod) => pod.metadata.deletionTimestamp === undefined,
  );
  const succeeded = pods.filter((pod) => pod.status?.phase === 'Succeeded').length;
  const failed = pods.filter((pod) => pod.status?.phase === 'Failed').length + crashes(pods);
  const active = pods.filter((pod) => pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed');
  const failure = failed > backoffLimit ? tooManyFailures : isLate(context, job) ? tooLate : undefined;
  const hasFailed = failure !== undefined;
  const end = succeeded >= completions ? success : failure;
  let running = active.length;
  if (hasFailed || suspend)
    for (const pod of active) deleteObject(context.cluster, resourceOf('pods'), pod, {});
  else {
    const wanted = Math.min(parallelism, completions - succeeded);
    for (; running < wanted; running += 1) createPod(context, job);
  }
  const ready = active.filter((pod) => pod.status?.phase === 'Running').length;
  const counts = { active: hasFailed ? 0 : running, ready, succeeded, failed };
  writeStatus(context, job, counts, end);
}

type End = { type: 'Complete' | 'Failed'; reason: string; message: string };

const success: End = {
  type: 'Complete',
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
};
const tooManyFailures: End = {
  type: 'Failed',
  reason: 'BackoffLimitExceeded',
  message: 'Job has reached the specified backoff limit',
};
const tooLate: End = {
  type: 'Failed',
  reason: 'DeadlineExceeded',
  message: 'Job was active longer than specified deadline',
};

/** Whether the job's own deadline is over; the job is looked at again when it is. */
function isLate(context: Context, job: Job): boolean {
  const { activeDeadlineSeconds: seconds, suspend } = job.spec;
  if (seconds === undefined || suspend) return false;
  const since = job.status?.startTime === undefined ? Date.now() : Date.parse(job.status.startTime);
  const left = since + seconds * 1000 - Date.now();
  if (left > 0) context.loop.wake(workKey(key, job), left);
  return left <= 0;
}

function isOver(job: Job): boolean {
  const conditions = job.status?.conditions ?? [];
  return conditions.some(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );
}

function crashes(pods: Pod[]): number {
  const statuses = pods.flatMap((pod) => pod.status?.containerStatuses ?? []);
  return statuses.reduce((sum, each) => sum + each.restartCount, 0);
}

function createPod(context: Context, job: Job): void {
  const { metadata, spec } = job.spec.template;
  const generateName = `${job.metadata.name}-`;
  const { labels, annotations } = metadata ?? {};
  const pod = createOwned(context, 'pods', job, { metadata: { generateName, labels, annotations }, spec });
  context.events(job, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`, source);
}

function writeStatus(
  context: Context,
  job: Job,
  counts: Record<'active' | 'ready' | 'succeeded' | 'failed', number>,
  end: End | undefined,
): void {
  const shown = Object.entries(counts).filter(([name, count]) => count > 0 || name === 'ready');
  let conditions: Condition[] | undefined = job.status?.conditions;
  if (end?.type === 'Complete') {
    conditions = withCondition(conditions, { ...end, type: 'SuccessCriteriaMet', status: 'True' });
    conditions = withCondition(conditions, { ...end, status: 'True' });
    context.events(job, 'Normal', 'Completed', 'Job completed', source);
  }
  if (end?.type === 'Failed') {
    conditions = withCondition(conditions, { ...end, status: 'True' });
    context.events(job, 'Warning', end.reason, end.message, source);
  }
  const status = {
    ...Object.fromEntries(shown),
    startTime: job.status?.startTime ?? timestamp(),
    ...(end?.type === 'Complete' ? { completionTime: timestamp() } : {}),
    ...(conditions === undefined ? {} : { conditions }),
  };
  if (!equal(job.status, status)) changeStatus(context, key, job, status);
}

function removeLater(context: Context, job: Job): void {
  const seconds = job.spec.ttlSecondsAfterFinished;
  if (seconds === undefined) return;
  const finished = job.status?.conditions?.at(-1)?.lastTransitionTime ?? timestamp();
  const left = Date.parse(finished) + seconds * 1000 - Date.now();
  if (left > 0) context.loop.wake(workKey(key, job), left);
  else deleteObject(context.cluster, resourceOf(key), job, {});
}
