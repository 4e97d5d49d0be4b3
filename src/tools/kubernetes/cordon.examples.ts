/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'cordon wrk-01', params: { name: 'wrk-01' } },
  { request: 'please cordon node np-7', params: { name: 'np-7' } },
  { request: 'mark ip-10-4-0-9 as unschedulable', params: { name: 'ip-10-4-0-9' } },
  { request: 'kubectl cordon gpu-a1', params: { name: 'gpu-a1' } },
  { request: 'no new pods on rack9-n2 for now', params: { name: 'rack9-n2' } },
  { request: 'stop scheduling onto edge-03', params: { name: 'edge-03' } },
  { request: 'pool-b-4 acts up, cordon it', params: { name: 'pool-b-4' } },
  { request: 'keep pods off metal-8 until I say so', params: { name: 'metal-8' } },
  { request: 'set the node k3-12 unschedulable', params: { name: 'k3-12' } },
  { request: 'disable scheduling for ci-node-2', params: { name: 'ci-node-2' } },
  { request: 'can you cordon arm-5 before the disk swap', params: { name: 'arm-5' } },
  { request: 'nothing new should start on spot-31', params: { name: 'spot-31' } },
];
