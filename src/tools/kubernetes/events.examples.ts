/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'recent events in staging', params: { environment: 'staging' } },
  { request: 'kubectl get events -n finance', params: { namespace: 'finance' } },
  { request: 'what happened to payments-api?', params: { name: 'payments-api' } },
  {
    request: 'show events for the storefront deployment in prod',
    params: { name: 'storefront', environment: 'prod' },
  },
  { request: 'any cluster events?', params: {} },
  { request: 'events of mailer in namespace letters', params: { name: 'mailer', namespace: 'letters' } },
  { request: 'kubectl get events', params: {} },
  { request: 'show me warnings and events in dev', params: { environment: 'dev' } },
  { request: 'evnets for search-indexer on stg', params: { name: 'search-indexer', environment: 'stg' } },
  { request: 'list the latest events in ns media', params: { namespace: 'media' } },
  {
    request: 'what has been going on with geocoder in live',
    params: { name: 'geocoder', environment: 'live' },
  },
  { request: 'pod events for pricing please', params: { name: 'pricing' } },
  {
    request: 'events in production, namespace shopfront',
    params: { namespace: 'shopfront', environment: 'production' },
  },
];
