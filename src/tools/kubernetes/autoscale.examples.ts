/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'autoscale pricing-api between 3 and 12 replicas at 70% cpu in prod',
    params: { name: 'pricing-api', min: 3, max: 12, cpu: 70, environment: 'prod' },
  },
  {
    request: 'set up an hpa for payments-api, min 2 max 8',
    params: { name: 'payments-api', min: 2, max: 8 },
  },
  {
    request: 'kubectl autoscale deployment ledger --min=2 --max=10 --cpu-percent=75 -n finance',
    params: { name: 'ledger', min: 2, max: 10, cpu: 75, namespace: 'finance' },
  },
  {
    request: 'let storefront scale itself up to 20 pods in staging',
    params: { name: 'storefront', max: 20, environment: 'staging' },
  },
  { request: 'add a horizontal pod autoscaler to mailer', params: { name: 'mailer' } },
  {
    request: 'autoscale search-indexer at 60 percent cpu, at most 15 replicas',
    params: { name: 'search-indexer', cpu: 60, max: 15 },
  },
  {
    request: 'hpa for geocoder in dev from 1 to 4',
    params: { name: 'geocoder', min: 1, max: 4, environment: 'dev' },
  },
  { request: 'kubectl autoscale deploy/chat-relay --max 6', params: { name: 'chat-relay', max: 6 } },
  {
    request: 'turn on autoscaling for report-builder in staging',
    params: { name: 'report-builder', environment: 'staging' },
  },
  {
    request: 'i want fraud-check to autoscale from 4 to 16 in production',
    params: { name: 'fraud-check', min: 4, max: 16, environment: 'production' },
  },
  {
    request: 'make feed-writer scale automatically, min 2, max 9, cpu 80',
    params: { name: 'feed-writer', min: 2, max: 9, cpu: 80 },
  },
  {
    request: 'autoscaler on notifier in namespace social, max 5',
    params: { name: 'notifier', namespace: 'social', max: 5 },
  },
];
