/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'helm test shop -n retail', params: { release: 'shop', namespace: 'retail' } },
  { request: 'helm test gateway', params: { release: 'gateway' } },
  {
    request: 'run the helm tests of billing in staging',
    params: { release: 'billing', environment: 'staging' },
  },
  {
    request: 'test helm release inventory-eu in production',
    params: { release: 'inventory-eu', environment: 'production' },
  },
  {
    request: 'run the chart tests for release search-v2, namespace search',
    params: { release: 'search-v2', namespace: 'search' },
  },
  {
    request: 'please helm-test the mailer release on dev',
    params: { release: 'mailer', environment: 'dev' },
  },
  { request: 'execute the tests that come with helm release frontend', params: { release: 'frontend' } },
  { request: 'do the helm tests of notifier pass? run them', params: { release: 'notifier' } },
  {
    request: 'start the test hooks of release reporting in prod',
    params: { release: 'reporting', environment: 'prod' },
  },
  { request: 'helm tset edge', params: { release: 'edge' } },
  { request: 'verify release ledger with its helm tests', params: { release: 'ledger' } },
  { request: 'run tests of a helm release', params: {} },
  {
    request: 'helm test worker-a in staging please',
    params: { release: 'worker-a', environment: 'staging' },
  },
];
