import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, type Json } from '../../domain/json.ts';
import type { Cluster } from './client.ts';
import { differences } from './differences.ts';
import { mergePatch } from './merge-patch.ts';
import { type Workload, type WorkloadInput, wordsOf, workloadAsk, workloadPath } from './workload.ts';

type Fields = { [field: string]: Json };

/** Which step wrote last; part of the same write, so that a lost worker's write can be recognised. */
export const lastStepKey = 'reign.dev/last-step';

const mostTries = 5;

/** One merge patch on exactly the version that was read. Resolves with the object as it is (or would be) after it. */
export function write(
  cluster: Cluster,
  input: WorkloadInput,
  live: Workload,
  changed: Workload,
  { mark, dryRun }: { mark: string | undefined; dryRun: boolean },
): Promise<Workload> {
  const patch = (mergePatch(live, changed) ?? {}) as { metadata?: { annotations?: object } };
  const marked = mark === undefined ? {} : { [lastStepKey]: mark };
  const annotations = { ...patch.metadata?.annotations, ...marked };
  const metadata = { ...patch.metadata, annotations, resourceVersion: live.metadata?.resourceVersion };
  return cluster.patch<Workload>(workloadPath(input), { ...patch, metadata }, dryRun);
}

/**
 * Reads, compares and writes anew when somebody wrote in between, e.g. a controller the status; five times at most.
 */
export async function whileItMoves<Value>(words: string, attempt: () => Promise<Value>): Promise<Value> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof FaultError) || error.fault.code !== 'conflict') throw error;
      if (tries < mostTries) continue;
      const message = `Somebody else keeps changing the ${words}. Nothing was written.`;
      throw new FaultError('conflict', message, { cause: error });
    }
  }
}

/** The object before a write; one that is gone means that the world has changed. */
export async function readForWrite(cluster: Cluster, input: WorkloadInput): Promise<Workload> {
  const live = await cluster.find<Workload>(workloadAsk(input));
  if (live !== undefined) return live;
  throw new FaultError('world-changed', `The ${wordsOf(input)} was deleted since. Nothing was written.`);
}

export function fingerprintOf(workload: Workload, fields: Fields): Fields {
  return { uid: workload.metadata?.uid ?? '', ...fields };
}

/** @throws FaultError `world-changed` that names each difference in words. */
export function refuseChanged(words: string, approved: Json, now: Json): void {
  if (canonicalJson(approved) === canonicalJson(now)) return;
  const changes = differences(approved, now).join('; ');
  throw new FaultError(
    'world-changed',
    `The ${words} is not as it was: ${changes}. Nothing was written; ask again to see the present state.`,
  );
}
