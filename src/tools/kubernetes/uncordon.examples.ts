/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'uncordon wrk-01', params: { name: 'wrk-01' } },
  { request: 'please uncordon node np-7', params: { name: 'np-7' } },
  { request: 'mark ip-10-4-0-9 as schedulable again', params: { name: 'ip-10-4-0-9' } },
  { request: 'kubectl uncordon gpu-a1', params: { name: 'gpu-a1' } },
  { request: 'pods may go to rack9-n2 again', params: { name: 'rack9-n2' } },
  { request: 'resume scheduling on edge-03', params: { name: 'edge-03' } },
  { request: 'pool-b-4 is fixed, uncordon it', params: { name: 'pool-b-4' } },
  { request: 'put metal-8 back into use', params: { name: 'metal-8' } },
  { request: 'set the node k3-12 schedulable', params: { name: 'k3-12' } },
  { request: 'enable scheduling for ci-node-2', params: { name: 'ci-node-2' } },
  { request: 'can you uncordon arm-5 now that the disk is swapped', params: { name: 'arm-5' } },
  { request: 'spot-31 can take pods again', params: { name: 'spot-31' } },
];
