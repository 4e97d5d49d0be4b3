/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'describe deployment payments-api', params: { kind: 'deployment', name: 'payments-api' } },
  {
    request: 'kubectl describe pod ledger-7d9f-x2x1 -n finance',
    params: { kind: 'pod', name: 'ledger-7d9f-x2x1', namespace: 'finance' },
  },
  {
    request: 'show me the details of the mailer service in staging',
    params: { kind: 'service', name: 'mailer', environment: 'staging' },
  },
  { request: 'describe svc/storefront', params: { kind: 'service', name: 'storefront' } },
  { request: 'what is wrong with node pool-a-3?', params: { kind: 'node', name: 'pool-a-3' } },
  {
    request: 'tell me about the pricing deployment in prod',
    params: { kind: 'deployment', name: 'pricing', environment: 'prod' },
  },
  {
    request: 'describe ingress edge-public in namespace shopfront',
    params: { kind: 'ingress', name: 'edge-public', namespace: 'shopfront' },
  },
  { request: 'kubectl describe deploy/geocoder', params: { kind: 'deployment', name: 'geocoder' } },
  {
    request: 'details on statefulset event-store in live',
    params: { kind: 'statefulset', name: 'event-store', environment: 'live' },
  },
  { request: 'desribe search-indexer', params: { name: 'search-indexer' } },
  {
    request: 'look at the job nightly-report in dev',
    params: { kind: 'job', name: 'nightly-report', environment: 'dev' },
  },
  { request: 'inspect the configmap feature-flags', params: { kind: 'configmap', name: 'feature-flags' } },
  { request: 'how is deployment chat-relay set up?', params: { kind: 'deployment', name: 'chat-relay' } },
  {
    request: 'kubectl describe ns social',
    params: { kind: 'namespace', name: 'social' },
  },
  { request: 'more info about cronjob cleanup please', params: { kind: 'cronjob', name: 'cleanup' } },
];
