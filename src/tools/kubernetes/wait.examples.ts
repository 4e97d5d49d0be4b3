/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'wait until the deployment tickets is available',
    params: { kind: 'deployment', name: 'tickets', condition: 'available' },
  },
  {
    request: 'kubectl wait deployment/mailroom --for=condition=available --timeout=90s -n post',
    params: {
      kind: 'deployment',
      name: 'mailroom',
      condition: 'available',
      timeout: '90s',
      namespace: 'post',
    },
  },
  {
    request: 'wait for pod ledger-store-0 to be ready in staging',
    params: { kind: 'pod', name: 'ledger-store-0', condition: 'ready', environment: 'staging' },
  },
  {
    request: 'wait until the job year-end is complete',
    params: { kind: 'job', name: 'year-end', condition: 'complete' },
  },
  {
    request: 'wait until the namespace sandbox-2 is deleted in dev',
    params: { kind: 'namespace', name: 'sandbox-2', condition: 'deleted', environment: 'dev' },
  },
  {
    request: 'wait for the rollout of deployment coupons',
    params: { kind: 'deployment', name: 'coupons', condition: 'rollout' },
  },
  {
    request: 'wait at most 3m until the pvc archive is bound',
    params: { kind: 'persistentvolumeclaim', name: 'archive', condition: 'bound', timeout: '3m' },
  },
  {
    request: 'please wait till statefulset message-bus is ready in prod',
    params: { kind: 'statefulset', name: 'message-bus', condition: 'ready', environment: 'prod' },
  },
  {
    request: 'wait until node worker-12 is ready',
    params: { kind: 'node', name: 'worker-12', condition: 'ready' },
  },
  {
    request: 'wait for the deletion of the service old-front in qa',
    params: { kind: 'service', name: 'old-front', condition: 'deletion', environment: 'qa' },
  },
  {
    request: 'wait for job reindex-all to be finished in namespace find',
    params: { kind: 'job', name: 'reindex-all', condition: 'finished', namespace: 'find' },
  },
  {
    request: 'wait until daemonset log-shipper is rolled out',
    params: { kind: 'daemonset', name: 'log-shipper', condition: 'rolled out' },
  },
  {
    request: 'kubectl wait pod/scratch --for=delete --timeout=60s',
    params: { kind: 'pod', name: 'scratch', condition: 'delete', timeout: '60s' },
  },
  {
    request: 'wait until mailroom is available in prod',
    params: { name: 'mailroom', condition: 'available', environment: 'prod' },
  },
  { request: 'wait until sign-in is rolled out', params: { name: 'sign-in', condition: 'rolled out' } },
];
