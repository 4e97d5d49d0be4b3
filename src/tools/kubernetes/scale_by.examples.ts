/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'double ledger-api in staging',
    params: { name: 'ledger-api', factor: 2, environment: 'staging' },
  },
  { request: 'triple the replicas of feed-writer', params: { name: 'feed-writer', factor: 3 } },
  {
    request: 'scale payments for 10x traffic in production',
    params: { name: 'payments', factor: 10, environment: 'production' },
  },
  {
    request: 'we expect twice the load on ticket-shop tomorrow, scale it up',
    params: { name: 'ticket-shop', factor: 2 },
  },
  {
    request: 'halve the capacity of report-builder in dev',
    params: { name: 'report-builder', factor: 0.5, environment: 'dev' },
  },
  { request: 'give matcher 50% more pods', params: { name: 'matcher', factor: 1.5 } },
  {
    request: 'get the storefront ready for three times the usual traffic',
    params: { name: 'storefront', factor: 3 },
  },
  {
    request: 'scale geocoder up by 25% in prod',
    params: { name: 'geocoder', factor: 1.25, environment: 'prod' },
  },
  { request: 'increase mailer capacity by 100 percent', params: { name: 'mailer', factor: 2 } },
  {
    request: 'multiply the replicas of search-indexer by 4 in namespace search',
    params: { name: 'search-indexer', factor: 4, namespace: 'search' },
  },
  { request: 'prepare checkout-web for 5x load', params: { name: 'checkout-web', factor: 5 } },
  { request: 'cut chat-relay in half', params: { name: 'chat-relay', factor: 0.5 } },
  { request: 'double it', params: { factor: 2 } },
];
