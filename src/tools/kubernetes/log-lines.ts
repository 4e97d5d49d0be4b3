import { FaultError } from '../../domain/fault.ts';
import type { Cluster } from './client.ts';
import { type LogChoice, podLog } from './pod-log.ts';
import type { Pod } from './wire.ts';

export type LogLine = { pod: string; time: string; text: string };

/** The last lines of the pods' main containers, in order of time. A pod without a log says so in a line. */
export async function logLines(
  cluster: Cluster,
  pods: readonly Pod[],
  { lines, sinceSeconds }: { lines: number; sinceSeconds?: number | undefined },
): Promise<LogLine[]> {
  const choice = { timestamps: true, tailLines: lines, sinceSeconds };
  const logs = await Promise.all(pods.map((pod) => podLines(cluster, pod, choice)));
  return logs
    .flat()
    .sort((a, b) => a.time.localeCompare(b.time))
    .slice(-lines);
}

async function podLines(cluster: Cluster, pod: Pod, choice: LogChoice): Promise<LogLine[]> {
  const { name = '', annotations } = pod.metadata ?? {};
  const containers = pod.spec?.containers ?? [];
  const container = annotations?.['kubectl.kubernetes.io/default-container'] ?? containers[0]?.name;
  try {
    const text = await podLog(cluster, pod, { ...choice, container });
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
