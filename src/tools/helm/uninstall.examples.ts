/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'helm uninstall shop -n retail', params: { release: 'shop', namespace: 'retail' } },
  { request: 'helm delete gateway', params: { release: 'gateway' } },
  {
    request: 'uninstall the billing release from staging',
    params: { release: 'billing', environment: 'staging' },
  },
  {
    request: 'please uninstall helm release inventory-eu in production',
    params: { release: 'inventory-eu', environment: 'production' },
  },
  {
    request: 'remove the helm release search-v2 from namespace search',
    params: { release: 'search-v2', namespace: 'search' },
  },
  {
    request: 'we are done with the mailer release on dev, uninstall it',
    params: { release: 'mailer', environment: 'dev' },
  },
  { request: 'get rid of the frontend helm release', params: { release: 'frontend' } },
  {
    request: 'helm uninstall notifier please, namespace comms',
    params: { release: 'notifier', namespace: 'comms' },
  },
  {
    request: 'drop the reporting helm release in prod',
    params: { release: 'reporting', environment: 'prod' },
  },
  { request: 'unistall helm release edge', params: { release: 'edge' } },
  { request: 'take the helm release ledger down completely', params: { release: 'ledger' } },
  { request: 'uninstall a helm release', params: {} },
  {
    request: 'delete what helm installed as worker-a in staging',
    params: { release: 'worker-a', environment: 'staging' },
  },
];
