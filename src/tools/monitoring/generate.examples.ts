/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'generate a ServiceMonitor for ledger', params: { kind: 'ServiceMonitor', name: 'ledger' } },
  {
    request: 'write a servicemonitor for the gateway service in staging',
    params: { kind: 'servicemonitor', name: 'gateway', environment: 'staging' },
  },
  {
    request: 'i need a service monitor so that prometheus scrapes mailer',
    params: { kind: 'service monitor', name: 'mailer' },
  },
  {
    request: 'create a PrometheusRule for pricing in production',
    params: { kind: 'PrometheusRule', name: 'pricing', environment: 'production' },
  },
  {
    request: 'draft a prometheusrule for search, namespace catalog',
    params: { kind: 'prometheusrule', name: 'search', namespace: 'catalog' },
  },
  { request: 'write alert rules for the indexer', params: { kind: 'alert rules', name: 'indexer' } },
  {
    request: 'generate alerting rules for ledger in prod',
    params: { kind: 'alerting rules', name: 'ledger', environment: 'prod' },
  },
  {
    request: 'make me a grafana dashboard for parser',
    params: { kind: 'grafana dashboard', name: 'parser' },
  },
  {
    request: 'generate a dashboard for mailer in stg',
    params: { kind: 'dashboard', name: 'mailer', environment: 'stg' },
  },
  {
    request: 'can you build a dashboard json for catalog/search',
    params: { kind: 'dashboard', name: 'catalog/search' },
  },
  { request: 'genrate a grafana dashbord', params: { kind: 'grafana dashbord' } },
  {
    request: 'service monitor yaml for resizer please',
    params: { kind: 'service monitor', name: 'resizer' },
  },
  {
    request: 'what would a prometheus rule for the thumbnailer look like',
    params: { kind: 'prometheus rule', name: 'thumbnailer' },
  },
  {
    request: 'write me a servicemonitor for pricing in the billing namespace of live',
    params: { kind: 'servicemonitor', name: 'pricing', namespace: 'billing', environment: 'live' },
  },
];
