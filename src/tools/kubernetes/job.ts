import { z } from 'zod';
import type { ExecuteContext, Landed, Verification } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { type Cluster, openCluster } from './client.ts';
import { lastStepKey } from './guarded-write.ts';
import { kindNamed, listPath, objectPath } from './kinds.ts';
import { kubeName } from './names.ts';
import { podLog } from './pod-log.ts';
import { podsOf } from './pods.ts';
import type { Job } from './wire.ts';

const jobs = kindNamed('Job');
const limitSeconds = 3600;

/** A job that is started and followed to its end. */
export const jobPlace = z.strictObject({
  environment: z.string(),
  connection: z.string(),
  clusterUid: z.string(),
  namespace: kubeName,
  /** What the new job is called. */
  job: kubeName,
});
export type JobPlace = z.infer<typeof jobPlace>;

/** The members that every operation which starts a job shares. */
export const jobParts = {
  output: z.object({ job: z.string() }),
  repeat: 'safe-with-key' as const,
  previews: 'dry-run' as const,
  connections: ['kubernetes'] as const,
  stop: { signal: 'SIGTERM' as const, graceSeconds: 5 },
  limits: { seconds: limitSeconds + 60, memoryMb: 256 },
  undo: { kind: 'irreversible' as const, reason: 'what a job has done stays done' },
  render: ({ job }: { job: string }) => ({ kind: 'text' as const, text: `The job ${job} was started.` }),
};

export function collectionOf({ namespace }: JobPlace): string {
  return listPath(jobs, namespace);
}

export function jobOf(cluster: Cluster, { namespace, job }: JobPlace): Promise<Job | undefined> {
  return cluster.find<Job>(objectPath(jobs, job, namespace));
}

export async function jobLanded(
  input: JobPlace,
  reader: Reader,
  { idempotencyKey }: ExecuteContext,
): Promise<Landed> {
  const job = await jobOf(openCluster(reader, input.connection), input);
  if (job === undefined) return 'no';
  return job.metadata?.annotations?.[lastStepKey] === idempotencyKey ? 'yes' : 'unclear';
}

/** Follows the job to its end, with the end of its log where it failed. */
export async function followJob(input: JobPlace, reader: Reader): Promise<Verification> {
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

async function lastLines(cluster: Cluster, { namespace }: JobPlace, job: Job): Promise<string> {
  const [pod] = await podsOf(cluster, namespace, job as Parameters<typeof podsOf>[2]);
  const text = pod === undefined ? '' : await podLog(cluster, pod, { tailLines: 5 }).catch(() => '');
  return text.trim() === '' ? '' : `; its last lines: ${text.trim()}`;
}
