/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'kubectl top pods', params: { kind: 'pods' } },
  { request: 'kubectl top nodes', params: { kind: 'nodes' } },
  { request: 'kubectl top pod -n finance', params: { kind: 'pods', namespace: 'finance' } },
  {
    request: 'how much cpu and memory do the pods use in prod',
    params: { kind: 'pods', environment: 'prod' },
  },
  { request: 'which pods use the most memory in staging?', params: { kind: 'pods', environment: 'staging' } },
  { request: 'cpu usage of the nodes', params: { kind: 'nodes' } },
  { request: 'show resource usage in namespace media', params: { namespace: 'media' } },
  {
    request: 'memory consumption of pods in ns social on production',
    params: { kind: 'pods', namespace: 'social', environment: 'production' },
  },
  { request: 'are the nodes running hot in prod?', params: { kind: 'nodes', environment: 'prod' } },
  { request: 'how busy are the nodes on dev', params: { kind: 'nodes', environment: 'dev' } },
  { request: 'what is eating the cpu in production', params: { environment: 'production' } },
  { request: 'top pods in staging', params: { kind: 'pods', environment: 'staging' } },
];
