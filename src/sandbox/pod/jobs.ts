import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { FaultError } from '../../domain/fault.ts';
import { isLeftOver } from '../leftovers.ts';
import { type Answer, type ClusterApi, clusterApi } from './api.ts';
import { stepJob, stepLabel, stepSecret, workerLabel } from './job.ts';
import type { PodOptions } from './options.ts';
import { troubleOf } from './trouble.ts';
import type { LinkFile } from './wire.ts';

type Self = { name: string; uid: string; address: string | undefined };

/** The Jobs of one worker's steps. */
export type StepJobs = {
  create(name: string, link: LinkFile): Promise<void>;
  /** Ends the Job's pod this long after it was created; nothing is said when it fails, since the worker ends it first. */
  endAt(name: string, secondsAfterStart: number): void;
  /** Resolves when the Job is deleted; its pod and Secret go with it. */
  remove(name: string): Promise<void>;
  /** Deletes the pod at once, without asking it. */
  removePod(name: string): Promise<void>;
  /** What keeps the step's pod from running. */
  trouble(name: string): Promise<{ final: boolean; why: string } | undefined>;
  close(): Promise<void>;
};

export type StepJobsOptions = PodOptions & { command: readonly string[] };

const jobsPath = '/apis/batch/v1/*/jobs';
const gone = 'was removed by somebody';

/**
 * Finds the worker's own pod, removes the Jobs that an earlier worker of this host has left, and tries out whether
 * Jobs and Secrets may be made. Throws FaultError with what to do.
 */
export async function openStepJobs(
  options: StepJobsOptions,
): Promise<{ jobs: StepJobs; self: Self | undefined }> {
  const api = clusterApi(options.access, options.namespace);
  const worker = labelValue(hostname());
  try {
    const self = await findSelf(api);
    const jobOf = (name: string): object => stepJob({ ...options, name, worker, owner: self });
    await removeLeftovers(api, worker);
    const trial = { name: 'reign-step-trial', uid: '00000000-0000-0000-0000-000000000000' };
    const link = { host: '', port: 0, token: '', certificate: '' };
    await api.ask('POST', `${jobsPath}?dryRun=All`, jobOf(trial.name));
    await api.ask('POST', '/api/v1/*/secrets?dryRun=All', stepSecret(trial, link));
    return { jobs: stepJobs(api, jobOf), self };
  } catch (error) {
    await api.close();
    throw error;
  }
}

function stepJobs(api: ClusterApi, jobOf: (name: string) => object): StepJobs {
  return {
    async create(name, link) {
      const made = await api.ask('POST', jobsPath, jobOf(name));
      await api.ask('POST', '/api/v1/*/secrets', stepSecret({ name, uid: metadataOf(made).uid }, link));
    },
    endAt(name, seconds) {
      const spec = { activeDeadlineSeconds: Math.max(1, Math.ceil(seconds)) };
      api.ask('PATCH', `${jobsPath}/${name}`, { spec }).catch(() => undefined);
    },
    async remove(name) {
      await api.ask('DELETE', `${jobsPath}/${name}`, { propagationPolicy: 'Background' });
    },
    async removePod(name) {
      const pod = await podOf(api, name);
      if (pod !== undefined)
        await api.ask('DELETE', `/api/v1/*/pods/${metadataOf(pod).name}`, { gracePeriodSeconds: 0 });
    },
    async trouble(name) {
      const pod = await podOf(api, name);
      if (pod === undefined) return (await exists(api, name)) ? undefined : { final: true, why: gone };
      return troubleOf(pod);
    },
    close: () => api.close(),
  };
}

async function exists(api: ClusterApi, name: string): Promise<boolean> {
  return (await api.ask('GET', `${jobsPath}/${name}`)) !== undefined;
}

async function podOf(api: ClusterApi, job: string): Promise<Answer | undefined> {
  const selector = encodeURIComponent(`batch.kubernetes.io/job-name=${job}`);
  const found = await api.ask('GET', `/api/v1/*/pods?labelSelector=${selector}`);
  return (found?.['items'] as Answer[] | undefined)?.[0];
}

/** In a cluster a worker's host has the name of its pod. */
async function findSelf(api: ClusterApi): Promise<Self | undefined> {
  const pod = await api.ask('GET', `/api/v1/*/pods/${encodeURIComponent(hostname().toLowerCase())}`);
  if (pod === undefined) return undefined;
  return { ...metadataOf(pod), address: (pod['status'] as { podIP?: string } | undefined)?.podIP };
}

async function removeLeftovers(api: ClusterApi, worker: string): Promise<void> {
  const [[label, value]] = Object.entries(stepLabel) as [[string, string]];
  const selector = encodeURIComponent(`${label}=${value},${workerLabel}=${worker}`);
  const found = await api.ask('GET', `${jobsPath}?labelSelector=${selector}`);
  for (const job of (found?.['items'] ?? []) as Answer[])
    if (isLeftOver(metadataOf(job).name))
      await api.ask('DELETE', `${jobsPath}/${metadataOf(job).name}`, { propagationPolicy: 'Background' });
}

function metadataOf(object: Answer | undefined): { name: string; uid: string } {
  const { name = '', uid = '' } = (object?.['metadata'] ?? {}) as { name?: string; uid?: string };
  return { name, uid };
}

/** A label's value: letters, digits, `-`, `_` and `.`, at most 63 of them. */
function labelValue(text: string): string {
  return text
    .replace(/[^A-Za-z0-9_.-]/g, '-')
    .slice(0, 63)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}

/** Waits until the pod has connected. Throws FaultError `unreachable` with what keeps it, at the latest after `seconds`. */
export async function awaitPod<Value>(
  jobs: StepJobs,
  name: string,
  connected: Promise<Value>,
  seconds: number,
): Promise<Value> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await Promise.race([connected, delay(1000, undefined)]);
    if (found !== undefined) return found;
    const trouble = await jobs.trouble(name).catch(() => undefined);
    if (trouble?.final !== true && Date.now() < end) continue;
    const late = `is not ready after ${seconds} seconds`;
    const noPod = `${late}; \`kubectl describe job ${name}\` may say why (a quota, pod security)`;
    const why = trouble === undefined ? noPod : trouble.final ? trouble.why : `${late} (${trouble.why})`;
    throw new FaultError('unreachable', `A step's pod could not be started: it ${why}.`);
  }
}
