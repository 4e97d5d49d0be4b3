/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'helm upgrade shop ./charts/shop -n retail',
    params: { release: 'shop', chart: './charts/shop', namespace: 'retail' },
  },
  {
    request: 'helm upgrade gateway charts/gateway --version 0.5.0',
    params: { release: 'gateway', chart: 'charts/gateway', version: '0.5.0' },
  },
  {
    request: 'upgrade the billing release in staging',
    params: { release: 'billing', environment: 'staging' },
  },
  {
    request: 'upgrade helm release inventory-eu to chart version 2.0.1 in production',
    params: { release: 'inventory-eu', version: '2.0.1', environment: 'production' },
  },
  {
    request: 'roll out the new chart for release search-v2, namespace search',
    params: { release: 'search-v2', namespace: 'search' },
  },
  {
    request: 'please bring the mailer helm release up to 1.8.0 on dev',
    params: { release: 'mailer', version: '1.8.0', environment: 'dev' },
  },
  {
    request: 'upgrade release frontend with chart charts/frontend',
    params: { release: 'frontend', chart: 'charts/frontend' },
  },
  {
    request: 'the notifier release should get the newest chart from the folder',
    params: { release: 'notifier' },
  },
  {
    request: 'helm upgrade of reporting in prod please',
    params: { release: 'reporting', environment: 'prod' },
  },
  { request: 'upgrad the helm release edge in staging', params: { release: 'edge', environment: 'staging' } },
  {
    request: 'apply chart ./deploy/ledger to the helm release ledger',
    params: { release: 'ledger', chart: './deploy/ledger' },
  },
  { request: 'upgrade a helm release', params: {} },
  {
    request: 'move release worker-a to chart version 0.9.4 in namespace jobs',
    params: { release: 'worker-a', version: '0.9.4', namespace: 'jobs' },
  },
];
