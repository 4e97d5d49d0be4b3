import type Dockerode from 'dockerode';
import { expect, test } from 'vitest';
import { usageOf } from './usage.ts';

const sample = (over: object) =>
  ({
    cpu_stats: { cpu_usage: { total_usage: 300 }, system_cpu_usage: 2000, online_cpus: 4 },
    precpu_stats: { cpu_usage: { total_usage: 100 }, system_cpu_usage: 1000 },
    memory_stats: { usage: 5000, limit: 9000, stats: { total_inactive_file: 1000 } },
    networks: { eth0: { rx_bytes: 1, tx_bytes: 2 }, eth1: { rx_bytes: 10, tx_bytes: 20 } },
    pids_stats: { current: 3 },
    ...over,
  }) as unknown as Dockerode.ContainerStats;

test('is what docker stats says: of one processor, without what the kernel keeps of files', () => {
  expect(usageOf(sample({}))).toEqual({
    ...{ cpuPercent: 80, memory: 4000, memoryLimit: 9000, received: 11, sent: 22, processes: 3 },
  });
});

test('without a network, an earlier sample or names of cgroup v1', () => {
  const usage = usageOf(
    sample({
      networks: undefined,
      precpu_stats: {},
      memory_stats: { usage: 100, limit: 200, stats: { inactive_file: 40 } },
    }),
  );
  expect(usage).toMatchObject({ cpuPercent: 60, memory: 60, received: 0 });
});

test('one that has stopped uses nothing', () => {
  expect(usageOf(sample({ memory_stats: {} }))).toBeUndefined();
});
