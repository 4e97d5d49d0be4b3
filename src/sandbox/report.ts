import type { SandboxReport } from '../domain/ports/sandbox.ts';
import type { Tools } from './bubblewrap/command.ts';
import { systemCallFilter } from './bubblewrap/system-calls.ts';
import { bounds, type Limits } from './limits/index.ts';
import { countsProcessesByNamespace, describeBounds } from './limits/rlimits.ts';
import type { PodOptions } from './pod/options.ts';

/** What bubblewrap and the limits hold here; it has been tried before. */
export function reportBubblewrap(limits: Limits, tools: Tools, isRoot: boolean): SandboxReport {
  const holds = [
    'files: a step sees the system, the code and its own folder, nothing else',
    'network: none but the broker socket',
    isRoot
      ? 'account: an account of its own for each step, no capabilities'
      : 'account: a user namespace, no capabilities',
    'time: the whole group is killed at the deadline',
    ...limits.holds,
  ];
  const lacks = [...limits.lacks];
  (tools.prlimit === undefined ? lacks : holds).push(...describeBounds());
  if (tools.prlimit !== undefined && countsProcessesByNamespace()) holds.push('processes of a step (rlimit)');
  const calls = 'system calls: no namespaces, mounts, tracing or kernel modules';
  (systemCallFilter(process.arch) === undefined ? lacks : holds).push(calls);
  if (!isRoot && !tools.knows('--disable-userns'))
    lacks.push('nested user namespaces are off (bubblewrap 0.8)');
  if (!tools.knows('--size')) lacks.push('a bound on temporary files (bubblewrap 0.7)');
  return { backend: 'bubblewrap', isolates: true, holds, lacks };
}

/** What Kubernetes holds for a step's pod. A pod from which the cluster's API can be reached runs no step. */
export function reportPod({ namespace, image }: PodOptions): SandboxReport {
  const { memoryMb, cpus, temporaryMb } = bounds;
  return {
    backend: 'pod',
    isolates: true,
    holds: [
      `place: a pod for each step in the namespace ${namespace}, of the image ${image}`,
      'files: a step sees its image, read-only, and its own folder',
      'network: a pod that can reach the API of its cluster runs no step',
      'account: an ordinary user, no capabilities, no token of the cluster, seccomp RuntimeDefault',
      `${memoryMb} MB of memory, ${cpus} processor, ${temporaryMb} MB of temporary files a step`,
      'time: the Job is deleted at the deadline, and ended by the cluster soon after',
    ],
    lacks: [
      'that the network policy holds for every other address (your cluster enforces it)',
      'a bound on processes (podPidsLimit of the kubelet)',
    ],
  };
}

/** Plain processes: nearly nothing holds, and that is said. */
export function reportProcess(why: string): SandboxReport {
  return {
    backend: 'process',
    isolates: false,
    holds: ['time: the process group is killed at the deadline', 'environment: none of ours is passed on'],
    lacks: [
      `NO ISOLATION: ${why}`,
      "files: a step can read and write what Reign's user can, secrets included",
      'network: a step can reach what this machine can, past the broker',
      'code is refused; production does not start',
      'memory, processes and processor time of a step are not bounded',
    ],
  };
}
