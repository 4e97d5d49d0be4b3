/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'helm template shop ./charts/shop -n retail',
    params: { release: 'shop', chart: './charts/shop', namespace: 'retail' },
  },
  { request: 'helm template ./charts/gateway', params: { chart: './charts/gateway' } },
  {
    request: 'render the chart charts/billing in staging',
    params: { chart: 'charts/billing', environment: 'staging' },
  },
  { request: 'what manifests does the inventory chart produce', params: { chart: 'inventory' } },
  {
    request: 'show me the rendered templates of chart charts/search as search-v2',
    params: { chart: 'charts/search', release: 'search-v2' },
  },
  { request: 'template the mailer chart for dev', params: { chart: 'mailer', environment: 'dev' } },
  { request: 'render helm chart frontend version 1.2.0', params: { chart: 'frontend', version: '1.2.0' } },
  { request: 'which objects would chart notifier create?', params: { chart: 'notifier' } },
  {
    request: 'helm template reporting ./reporting for prod',
    params: { release: 'reporting', chart: './reporting', environment: 'prod' },
  },
  { request: 'rendr chart charts/edge', params: { chart: 'charts/edge' } },
  { request: 'print the yaml that chart ledger renders to', params: { chart: 'ledger' } },
  { request: 'render a helm chart', params: {} },
  {
    request: 'dry render of the worker chart in namespace jobs',
    params: { chart: 'worker', namespace: 'jobs' },
  },
];
