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
  {
    request: 'upgrade the helm release courier with image.tag=1.4.3 in staging',
    params: { release: 'courier', values: 'image.tag=1.4.3', environment: 'staging' },
  },
  {
    request: 'helm upgrade bookings ./charts/bookings --set replicaCount=4 -n travel',
    params: {
      release: 'bookings',
      chart: './charts/bookings',
      values: 'replicaCount=4',
      namespace: 'travel',
    },
  },
  {
    request: 'helm upgrade of release ferry with service.port=8081 please',
    params: { release: 'ferry', values: 'service.port=8081' },
  },
  {
    request: 'upgrade release quay in dev, set ingress.enabled=false',
    params: { release: 'quay', values: 'ingress.enabled=false', environment: 'dev' },
  },
  {
    request: 'set image.tag=2.0.1 on the helm release harbour in prod',
    params: { release: 'harbour', values: 'image.tag=2.0.1', environment: 'prod' },
  },
  {
    request: 'change the values of helm release dock to resources.limits.memory=512Mi',
    params: { release: 'dock', values: 'resources.limits.memory=512Mi' },
  },
];
