/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'helm status shop -n retail', params: { release: 'shop', namespace: 'retail' } },
  { request: 'helm status gateway', params: { release: 'gateway' } },
  {
    request: 'how is the billing helm release in staging?',
    params: { release: 'billing', environment: 'staging' },
  },
  {
    request: 'is helm release inventory-eu healthy in production',
    params: { release: 'inventory-eu', environment: 'production' },
  },
  {
    request: 'status of the search-v2 release, namespace search',
    params: { release: 'search-v2', namespace: 'search' },
  },
  {
    request: 'what state is helm release mailer in on dev',
    params: { release: 'mailer', environment: 'dev' },
  },
  { request: 'check the frontend helm release', params: { release: 'frontend' } },
  { request: 'did the helm install of notifier work?', params: { release: 'notifier' } },
  {
    request: 'tell me how the reporting release is doing in prod',
    params: { release: 'reporting', environment: 'prod' },
  },
  { request: 'helm staus edge', params: { release: 'edge' } },
  { request: 'is release ledger still pending in helm', params: { release: 'ledger' } },
  {
    request: 'show the helm status of worker-a in staging',
    params: { release: 'worker-a', environment: 'staging' },
  },
  { request: 'status of a helm release', params: {} },
];
