/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'helm install shop ./charts/shop -n retail',
    params: { release: 'shop', chart: './charts/shop', namespace: 'retail' },
  },
  {
    request: 'helm install gateway charts/gateway --version 0.4.2',
    params: { release: 'gateway', chart: 'charts/gateway', version: '0.4.2' },
  },
  {
    request: 'install the chart charts/billing in staging',
    params: { chart: 'charts/billing', environment: 'staging' },
  },
  {
    request: 'please install our inventory chart as inventory-eu in production',
    params: { chart: 'inventory', release: 'inventory-eu', environment: 'production' },
  },
  {
    request: 'install chart ./deploy/search as search-v2 in namespace search',
    params: { chart: './deploy/search', release: 'search-v2', namespace: 'search' },
  },
  {
    request: 'set up a helm release mailer from chart mailer on dev',
    params: { release: 'mailer', chart: 'mailer', environment: 'dev' },
  },
  {
    request: 'deploy the helm chart charts/frontend to staging',
    params: { chart: 'charts/frontend', environment: 'staging' },
  },
  {
    request: 'new release notifier from the notifier chart, namespace comms',
    params: { release: 'notifier', chart: 'notifier', namespace: 'comms' },
  },
  {
    request: 'instal helm chart reporting version 1.3.0 in prod',
    params: { chart: 'reporting', version: '1.3.0', environment: 'prod' },
  },
  {
    request: 'can we get chart infra/ingress installed as edge in staging?',
    params: { chart: 'infra/ingress', release: 'edge', environment: 'staging' },
  },
  { request: 'helm install ledger', params: { chart: 'ledger' } },
  { request: 'install a chart with helm', params: {} },
  {
    request: 'helm-install charts/worker and call the release worker-a',
    params: { chart: 'charts/worker', release: 'worker-a' },
  },
  {
    request: 'install chart charts/ferry as ferry with replicaCount=2 in staging',
    params: { chart: 'charts/ferry', release: 'ferry', values: 'replicaCount=2', environment: 'staging' },
  },
  {
    request: 'helm install pier ./charts/pier --set image.tag=0.9.1',
    params: { release: 'pier', chart: './charts/pier', values: 'image.tag=0.9.1' },
  },
];
