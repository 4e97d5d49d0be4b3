/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'drain wrk-01', params: { name: 'wrk-01' } },
  { request: 'please drain node np-7', params: { name: 'np-7' } },
  { request: 'evict everything from ip-10-4-0-9', params: { name: 'ip-10-4-0-9' } },
  { request: 'kubectl drain gpu-a1 --ignore-daemonsets', params: { name: 'gpu-a1' } },
  { request: 'move all pods off rack9-n2', params: { name: 'rack9-n2' } },
  { request: 'empty the node edge-03 for maintenance', params: { name: 'edge-03' } },
  { request: 'pool-b-4 gets a new kernel, drain it', params: { name: 'pool-b-4' } },
  { request: 'get the workloads away from metal-8', params: { name: 'metal-8' } },
  { request: 'drain the node k3-12 safely', params: { name: 'k3-12' } },
  { request: 'clear ci-node-2 of pods', params: { name: 'ci-node-2' } },
  { request: 'can you drain arm-5 before the reboot', params: { name: 'arm-5' } },
  { request: 'take spot-31 out of service: move its pods elsewhere', params: { name: 'spot-31' } },
];
