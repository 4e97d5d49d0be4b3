import type { Cluster } from './client.ts';
import type { Pod } from './wire.ts';

export type LogChoice = {
  tailLines: number;
  container?: string | undefined;
  sinceSeconds?: number | undefined;
  timestamps?: boolean;
  previous?: boolean;
};

/** The end of the log of one container of a pod, of its only one when none is named. Throws as `Cluster.text` does. */
export function podLog(cluster: Cluster, { metadata }: Pod, choice: LogChoice): Promise<string> {
  const { name = '', namespace = '' } = metadata ?? {};
  const { container, previous, sinceSeconds, tailLines, timestamps } = choice;
  return cluster.text(({ core }) =>
    core.readNamespacedPodLog(
      name,
      namespace,
      container,
      undefined,
      undefined,
      undefined,
      undefined,
      previous,
      sinceSeconds,
      undefined,
      tailLines,
      timestamps,
    ),
  );
}
