import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, type Json, sha256 } from '../../domain/json.ts';
import { defineOperation, type Verification } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { type Cluster, openCluster } from './client.ts';
import { lastStepKey, refuseChanged } from './guarded-write.ts';
import { kindNamed, listPath, objectPath } from './kinds.ts';
import { locateObject } from './locate.ts';
import { kubeName } from './names.ts';
import { podLog } from './pod-log.ts';
import { podsOf } from './pods.ts';
import { examples } from './run_job.examples.ts';
import type { CronJob, Job } from './wire.ts';

const cronJobs = kindNamed('CronJob');
const jobs = kindNamed('Job');
const limitSeconds = 3600;

const jobInput = z.strictObject({
  environment: z.string(),
  connection: z.string(),
  clusterUid: z.string(),
  namespace: kubeName,
  name: kubeName,
  /** What the new job is called. */
  job: kubeName,
});
type JobInput = z.infer<typeof jobInput>;

export const runJob = defineOperation({
  id: 'kubernetes.run_job',
  version: 1,
  summary: 'Runs the job of a cron job once, now, and waits until it has ended.',
  request: z.strictObject({
    name: z.string().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: jobInput,
  output: z.object({ job: z.string() }),
  effect: 'create',
  repeat: 'safe-with-key',
  previews: 'dry-run',
  examples,
  connections: ['kubernetes'],
  stop: { signal: 'SIGTERM', graceSeconds: 5 },
  limits: { seconds: limitSeconds + 60, memoryMb: 256 },
  undo: { kind: 'irreversible', reason: 'what a job has done stays done' },
  async resolve(request, reader) {
    const sought = { kinds: [cronJobs], noun: 'cron job', verb: 'run' };
    const located = await locateObject(request, reader, sought);
    if (located.kind !== 'located') return located;
    const { namespace, name } = located.object;
    const suffix = sha256(`${reader.now().toISOString()} ${namespace}/${name}`).slice(0, 8);
    const input = { ...located.place, namespace, name, job: `${name.slice(0, 40)}-reign-${suffix}` };
    return { kind: 'input', input };
  },
  assess: ({ clusterUid, namespace, name, environment }) => ({
    effect: 'create',
    targets: [`k8s:${clusterUid}/${namespace}/cronjob/${name}`],
    environment,
    place: `${environment}/${namespace}`,
    objects: 1,
    reasons: ['runs a job'],
  }),
  describe: (input) => ({
    title: `Run the cron job ${wordsOf(input)} once`,
    byHand: `kubectl -n ${input.namespace} create job --from=cronjob/${input.name} ${input.job}`,
  }),
  async preview(input, reader) {
    const cluster = openCluster(reader, input.connection);
    const cronJob = await readCronJob(cluster, input);
    await cluster.create(collectionOf(input), jobFor(input, cronJob, 'preview'), true);
    const images = containersOf(cronJob).map(({ image }) => image ?? '');
    const paused =
      cronJob.spec?.suspend === true ? ['The cron job is suspended; this runs it all the same.'] : [];
    const active = cronJob.status?.active?.length ?? 0;
    const running = active > 0 ? [`${active} of its jobs run now.`] : [];
    return {
      kind: 'dry-run',
      before: null,
      after: { job: `${input.namespace}/${input.job}`, images },
      fingerprint: fingerprintOf(cronJob),
      summary: `one job of ${images.join(', ')}`,
      warnings: [...paused, ...running],
      raises: [],
      server: input.clusterUid,
    };
  },
  egress: (input) => [{ connection: input.connection, method: 'POST', path: collectionOf(input) }],
  async execute(input, writer, { approved, idempotencyKey }) {
    if (!approved) throw new FaultError('refused', 'A change without an approved preview is not made.');
    const cluster = openCluster(writer, input.connection);
    if ((await jobOf(cluster, input)) === undefined) {
      const cronJob = await readCronJob(cluster, input);
      refuseChanged(`cron job ${wordsOf(input)}`, approved.fingerprint, fingerprintOf(cronJob));
      await cluster.create(collectionOf(input), jobFor(input, cronJob, idempotencyKey), false);
    }
    return { job: input.job };
  },
  async landed(input, reader, { idempotencyKey }) {
    const job = await jobOf(openCluster(reader, input.connection), input);
    if (job === undefined) return 'no';
    return job.metadata?.annotations?.[lastStepKey] === idempotencyKey ? 'yes' : 'unclear';
  },
  verify: followJob,
  render: ({ job }) => ({ kind: 'text', text: `The job ${job} was started.` }),
});

function wordsOf({ namespace, name, environment }: JobInput): string {
  return `${namespace}/${name} in ${environment}`;
}

function collectionOf({ namespace }: JobInput): string {
  return listPath(jobs, namespace);
}

function jobOf(cluster: Cluster, { namespace, job }: JobInput): Promise<Job | undefined> {
  return cluster.find<Job>(objectPath(jobs, job, namespace));
}

async function readCronJob(cluster: Cluster, input: JobInput): Promise<CronJob> {
  const found = await cluster.find<CronJob>(objectPath(cronJobs, input.name, input.namespace));
  if (found !== undefined) return found;
  throw new FaultError('not-found', `The cron job ${wordsOf(input)} does not exist (any more).`);
}

function containersOf({ spec }: CronJob) {
  return spec?.jobTemplate.spec?.template.spec?.containers ?? [];
}

/** The cron job itself, and what it runs. */
function fingerprintOf({ metadata, spec }: CronJob): { [field: string]: Json } {
  const template = sha256(canonicalJson(JSON.parse(JSON.stringify(spec?.jobTemplate ?? {})) as Json));
  return { uid: metadata?.uid ?? '', template: template.slice(0, 16) };
}

/** As `kubectl create job --from` makes it. */
function jobFor({ namespace, name, job }: JobInput, { metadata, spec }: CronJob, mark: string): object {
  const { metadata: template, spec: jobSpec } = spec?.jobTemplate ?? {};
  const annotations = {
    ...template?.annotations,
    'cronjob.kubernetes.io/instantiate': 'manual',
    [lastStepKey]: mark,
  };
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name, uid: metadata?.uid ?? '' };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...{ name: job, namespace, annotations, ownerReferences: [owner] },
      ...(template?.labels === undefined ? {} : { labels: template.labels }),
    },
    spec: jobSpec,
  };
}

/** Follows the job to its end, with the end of its log where it failed. */
async function followJob(input: JobInput, reader: Reader): Promise<Verification> {
  const cluster = openCluster(reader, input.connection);
  const started = reader.now().getTime();
  let told = '';
  for (let wait = 300; ; wait = Math.min(5000, wait * 1.5)) {
    const job = await jobOf(cluster, input);
    if (job === undefined)
      return { state: 'unclear', evidence: `The job ${input.job} is not there any more.` };
    const holds = (type: string) =>
      job.status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
    const seconds = Math.round((reader.now().getTime() - started) / 1000);
    if (holds('Complete')) return { state: 'healthy', evidence: `The job ${input.job} completed.` };
    const failure = holds('Failed');
    if (failure !== undefined) {
      const why = failure.message ?? failure.reason ?? 'it failed';
      return { state: 'failed', evidence: `${why}${await lastLines(cluster, input, job)}` };
    }
    if (seconds > limitSeconds)
      return { state: 'unclear', evidence: `The job ${input.job} still runs after an hour.` };
    const line = `${job.status?.active ?? 0} running, ${job.status?.failed ?? 0} failed`;
    if (line !== told) reader.report(line);
    told = line;
    await reader.sleep(wait);
  }
}

async function lastLines(cluster: Cluster, { namespace }: JobInput, job: Job): Promise<string> {
  const [pod] = await podsOf(cluster, namespace, job as Parameters<typeof podsOf>[2]);
  const text = pod === undefined ? '' : await podLog(cluster, pod, { tailLines: 5 }).catch(() => '');
  return text.trim() === '' ? '' : `; its last lines: ${text.trim()}`;
}
