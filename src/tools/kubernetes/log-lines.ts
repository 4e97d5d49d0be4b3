import { FaultError } from '../../domain/fault.ts';
import type { Cluster } from './client.ts';
import type { Pod } from './wire.ts';

export type LogLine = { pod: string; time: string; text: string };

/** The last lines of the pods' main containers, in order of time. A pod without a log says so in a line. */
export async function logLines(
  cluster: Cluster,
  pods: readonly Pod[],
  { lines, sinceSeconds }: { lines: number; sinceSeconds?: number | undefined },
): Promise<LogLine[]> {
  const since = sinceSeconds === undefined ? '' : `&sinceSeconds=${sinceSeconds}`;
  const query = `timestamps=true&tailLines=${lines}${since}`;
  const logs = await Promise.all(pods.map((pod) => podLines(cluster, pod, query)));
  return logs
    .flat()
    .sort((a, b) => a.time.localeCompare(b.time))
    .slice(-lines);
}

async function podLines(cluster: Cluster, pod: Pod, query: string): Promise<LogLine[]> {
  const { name = '', namespace = '', annotations } = pod.metadata ?? {};
  const containers = pod.spec?.containers ?? [];
  const container = annotations?.['kubectl.kubernetes.io/default-container'] ?? containers[0]?.name;
  const which = container === undefined ? '' : `&container=${encodeURIComponent(container)}`;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/log`;
  try {
    const text = await cluster.text(`${path}?${query}${which}`);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => parseLine(name, line));
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.code !== 'bad-request') throw error;
    return [{ pod: name, time: '', text: `(no log: ${error.message})` }];
  }
}

function parseLine(pod: string, line: string): LogLine {
  const [, time = '', text = line] = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) (.*)$/s.exec(line) ?? [];
  return { pod, time, text };
}
