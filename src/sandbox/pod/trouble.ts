import type { Answer } from './api.ts';

type State = { waiting?: Why; terminated?: Why & { exitCode?: number } };
type Why = { reason?: string; message?: string };
type PodStatus = Why & {
  phase?: string;
  conditions?: (Why & { type: string; status: string })[];
  containerStatuses?: { state?: State }[];
};

/** What is wrong with a pod; `final` says that waiting will not help. */
export type Trouble = { final: boolean; why: string };

const hopeless = ['ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull', 'CreateContainerError'];

/** Why a step's pod does not run, or no longer does, in the cluster's own words; undefined when it does. */
export function troubleOf(pod: Answer): Trouble | undefined {
  const status = (pod['status'] ?? {}) as PodStatus;
  const { waiting, terminated } = status.containerStatuses?.[0]?.state ?? {};
  if (terminated?.reason === 'OOMKilled') return { final: true, why: 'used more memory than it may' };
  if (terminated !== undefined)
    return { final: true, why: `ended with exit code ${terminated.exitCode} (${words(status, terminated)})` };
  if (status.phase === 'Failed' || status.phase === 'Succeeded')
    return { final: true, why: `was ended by the cluster (${words(status)})` };
  if (waiting?.reason !== undefined && waiting.reason !== 'ContainerCreating')
    return { final: hopeless.includes(waiting.reason), why: words(waiting) };
  const unplaced = status.conditions?.find(
    ({ type, status }) => type === 'PodScheduled' && status === 'False',
  );
  return unplaced === undefined ? undefined : { final: false, why: words(unplaced) };
}

function words(...whys: Why[]): string {
  const found = whys.flatMap(({ reason, message }) => [reason, message]).filter((text) => text !== undefined);
  return [...new Set(found)].join(': ') || 'no reason given';
}
