import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, type Json, sha256 } from '../../domain/json.ts';
import { defineOperation } from '../../domain/operation.ts';
import { type Cluster, openCluster } from './client.ts';
import { lastStepKey, refuseChanged } from './guarded-write.ts';
import { collectionOf, followJob, jobLanded, jobOf, jobParts, jobPlace } from './job.ts';
import { kindNamed, objectPath } from './kinds.ts';
import { locateObject } from './locate.ts';
import { kubeName } from './names.ts';
import { examples } from './run_job.examples.ts';
import type { CronJob } from './wire.ts';

const cronJobs = kindNamed('CronJob');

const jobInput = jobPlace.extend({ name: kubeName });
type JobInput = z.infer<typeof jobInput>;

export const runJob = defineOperation({
  ...jobParts,
  id: 'kubernetes.run_job',
  version: 1,
  summary: 'Runs the job of a cron job once, now, and waits until it has ended.',
  request: z.strictObject({
    name: z.string().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: jobInput,
  effect: 'create',
  examples,
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
  landed: (input, reader, context) => jobLanded(input, reader, context),
  verify: (input, reader) => followJob(input, reader),
});

function wordsOf({ namespace, name, environment }: JobInput): string {
  return `${namespace}/${name} in ${environment}`;
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
