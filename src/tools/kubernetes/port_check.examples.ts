/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'check port 8080 of the service tickets in staging',
    params: { name: 'tickets', port: '8080', environment: 'staging' },
  },
  { request: 'does the service mailroom have ready endpoints', params: { name: 'mailroom' } },
  {
    request: 'is port 443 of service front-door open in prod',
    params: { name: 'front-door', port: '443', environment: 'prod' },
  },
  {
    request: 'are there endpoints behind the coupons service in namespace shop',
    params: { name: 'coupons', namespace: 'shop' },
  },
  { request: 'does svc metrics-front listen on port 9090', params: { name: 'metrics-front', port: '9090' } },
  {
    request: 'kubectl get endpointslices -l kubernetes.io/service-name=ledger-store',
    params: { name: 'ledger-store' },
  },
  {
    request: 'why does the service archive have no endpoints in qa',
    params: { name: 'archive', environment: 'qa' },
  },
  { request: 'port check for service message-bus', params: { name: 'message-bus' } },
  {
    request: 'check the ports of the service partner-gate on production',
    params: { name: 'partner-gate', environment: 'production' },
  },
  { request: 'does the target port of service invoices match its pods', params: { name: 'invoices' } },
  {
    request: 'is anything behind the http port of service blog in dev',
    params: { name: 'blog', port: 'http', environment: 'dev' },
  },
  { request: 'which endpoints does the service sign-in have', params: { name: 'sign-in' } },
  { request: 'check service tickets port grpc', params: { name: 'tickets', port: 'grpc' } },
];
