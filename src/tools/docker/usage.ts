import type Dockerode from 'dockerode';

export type Usage = {
  /** Of one processor: 150 are one and a half. */
  cpuPercent: number;
  memory: number;
  memoryLimit: number;
  received: number;
  sent: number;
  processes: number;
};

/** What two samples of a container say, computed as `docker stats` does; undefined for one that does not run. */
export function usageOf(sample: Dockerode.ContainerStats): Usage | undefined {
  const { cpu_stats: now, precpu_stats: before, memory_stats: memory, networks, pids_stats: pids } = sample;
  if (memory?.usage === undefined) return undefined;
  const used = now.cpu_usage.total_usage - (before?.cpu_usage?.total_usage ?? 0);
  const passed = (now.system_cpu_usage ?? 0) - (before?.system_cpu_usage ?? 0);
  const processors = now.online_cpus || now.cpu_usage.percpu_usage?.length || 1;
  const ends = Object.values(networks ?? {});
  // What the kernel keeps of files can be taken back at any time: cgroup v1 and v2 name it differently.
  const cache = memory.stats?.total_inactive_file ?? memory.stats?.inactive_file ?? 0;
  return {
    cpuPercent: passed > 0 && used > 0 ? (used / passed) * processors * 100 : 0,
    memory: Math.max(0, memory.usage - cache),
    memoryLimit: memory.limit,
    received: ends.reduce((sum, { rx_bytes }) => sum + rx_bytes, 0),
    sent: ends.reduce((sum, { tx_bytes }) => sum + tx_bytes, 0),
    processes: pids?.current ?? 0,
  };
}
