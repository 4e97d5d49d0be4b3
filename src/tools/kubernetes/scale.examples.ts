/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'scale payments-api to 4', params: { name: 'payments-api', replicas: 4 } },
  {
    request: 'scale the storefront deployment to 8 replicas in production',
    params: { name: 'storefront', replicas: 8, environment: 'production' },
  },
  {
    request: 'can you bump mailer up to 5 in stg please',
    params: { name: 'mailer', replicas: 5, environment: 'stg' },
  },
  {
    request: 'kubectl scale deployment/ledger --replicas=2 -n finance',
    params: { name: 'ledger', replicas: 2, namespace: 'finance' },
  },
  {
    request: 'kubectl -n media scale deploy thumbnailer --replicas 0',
    params: { name: 'thumbnailer', replicas: 0, namespace: 'media' },
  },
  { request: 'set inventory-sync to 3 replicas', params: { name: 'inventory-sync', replicas: 3 } },
  { request: 'i need 12 pods of search-indexer', params: { name: 'search-indexer', replicas: 12 } },
  {
    request: 'turn report-builder down to one replica in dev',
    params: { name: 'report-builder', replicas: 1, environment: 'dev' },
  },
  {
    request: 'sclae geocoder to 6 on staging',
    params: { name: 'geocoder', replicas: 6, environment: 'staging' },
  },
  {
    request: 'scale down `chat-relay` in namespace social to 2',
    params: { name: 'chat-relay', replicas: 2, namespace: 'social' },
  },
  {
    request: 'give pricing ten replicas in prod for tonight',
    params: { name: 'pricing', replicas: 10, environment: 'prod' },
  },
  { request: 'replicas for image-resizer should be 7', params: { name: 'image-resizer', replicas: 7 } },
  { request: 'run 3 instances of the auth-proxy', params: { name: 'auth-proxy', replicas: 3 } },
  {
    request: 'change the replica count of fraud-check to 9 in live',
    params: { name: 'fraud-check', replicas: 9, environment: 'live' },
  },
  { request: 'scale up feed-writer', params: { name: 'feed-writer' } },
  { request: 'scale it to 5', params: { replicas: 5 } },
  {
    request: 'take cart-events to zero replicas in ns shopfront',
    params: { name: 'cart-events', replicas: 0, namespace: 'shopfront' },
  },
  { request: 'make notifier run with 4 replicas', params: { name: 'notifier', replicas: 4 } },
];
