/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'helm lint ./charts/shop', params: { chart: './charts/shop' } },
  { request: 'helm lint charts/gateway', params: { chart: 'charts/gateway' } },
  { request: 'lint the billing chart in staging', params: { chart: 'billing', environment: 'staging' } },
  { request: 'check chart charts/inventory for mistakes', params: { chart: 'charts/inventory' } },
  { request: 'is the search helm chart valid?', params: { chart: 'search' } },
  { request: 'please lint helm chart mailer of dev', params: { chart: 'mailer', environment: 'dev' } },
  { request: 'run helm lint on charts/frontend', params: { chart: 'charts/frontend' } },
  { request: 'does chart notifier pass helm lint', params: { chart: 'notifier' } },
  {
    request: 'validate the helm chart reporting in prod',
    params: { chart: 'reporting', environment: 'prod' },
  },
  { request: 'lnit chart edge', params: { chart: 'edge' } },
  { request: 'are there errors in our ledger chart?', params: { chart: 'ledger' } },
  { request: 'lint a chart', params: {} },
  { request: 'helm lint of the worker chart', params: { chart: 'worker' } },
];
