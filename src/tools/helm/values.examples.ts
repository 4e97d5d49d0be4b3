/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'helm get values shop -n retail', params: { release: 'shop', namespace: 'retail' } },
  { request: 'helm get values gateway', params: { release: 'gateway' } },
  {
    request: 'which values does the billing helm release have in staging?',
    params: { release: 'billing', environment: 'staging' },
  },
  {
    request: 'show the helm values of inventory-eu in production',
    params: { release: 'inventory-eu', environment: 'production' },
  },
  {
    request: 'what values was release search-v2 installed with, namespace search',
    params: { release: 'search-v2', namespace: 'search' },
  },
  { request: 'values of the mailer helm release on dev', params: { release: 'mailer', environment: 'dev' } },
  { request: 'with which settings was helm release frontend deployed', params: { release: 'frontend' } },
  { request: 'print the values helm has for notifier', params: { release: 'notifier' } },
  {
    request: 'user supplied values of release reporting in prod',
    params: { release: 'reporting', environment: 'prod' },
  },
  { request: 'helm vlaues of edge', params: { release: 'edge' } },
  { request: 'how is release ledger configured in helm', params: { release: 'ledger' } },
  { request: 'the chart values of release worker-a please', params: { release: 'worker-a' } },
  { request: 'values of a helm release', params: {} },
];
