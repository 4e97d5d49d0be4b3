/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'helm history shop -n retail', params: { release: 'shop', namespace: 'retail' } },
  { request: 'helm history gateway', params: { release: 'gateway' } },
  {
    request: 'which revisions does the billing helm release have in staging',
    params: { release: 'billing', environment: 'staging' },
  },
  {
    request: 'history of helm release inventory-eu in production',
    params: { release: 'inventory-eu', environment: 'production' },
  },
  {
    request: 'show me past revisions of release search-v2, namespace search',
    params: { release: 'search-v2', namespace: 'search' },
  },
  {
    request: 'when did somebody upgrade the mailer helm release on dev?',
    params: { release: 'mailer', environment: 'dev' },
  },
  { request: 'helm revisions of frontend', params: { release: 'frontend' } },
  { request: 'to which revision can i roll back the notifier release', params: { release: 'notifier' } },
  {
    request: 'list the helm revisions of reporting in prod',
    params: { release: 'reporting', environment: 'prod' },
  },
  { request: 'helm histroy edge', params: { release: 'edge' } },
  { request: 'upgrade history of release ledger please', params: { release: 'ledger' } },
  { request: 'what happened to helm release worker-a over time', params: { release: 'worker-a' } },
  { request: 'history of a helm release', params: {} },
];
