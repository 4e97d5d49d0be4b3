/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'restart payments-api', params: { name: 'payments-api' } },
  {
    request: 'restart the storefront deployment in prod',
    params: { name: 'storefront', environment: 'prod' },
  },
  {
    request: 'kubectl rollout restart deployment/ledger -n finance',
    params: { name: 'ledger', namespace: 'finance' },
  },
  { request: 'kubectl rollout restart sts/event-store', params: { name: 'event-store' } },
  { request: 'bounce mailer on staging', params: { name: 'mailer', environment: 'staging' } },
  { request: 'please do a rolling restart of search-indexer', params: { name: 'search-indexer' } },
  {
    request: 'pricing hangs again, can you kick it in dev?',
    params: { name: 'pricing', environment: 'dev' },
  },
  { request: 'recycle the pods of geocoder', params: { name: 'geocoder' } },
  { request: 'restrat inventory-sync in stg', params: { name: 'inventory-sync', environment: 'stg' } },
  {
    request: 'roll the chat-relay pods in namespace social',
    params: { name: 'chat-relay', namespace: 'social' },
  },
  { request: 'restart `auth-proxy`', params: { name: 'auth-proxy' } },
  {
    request: 'could somebody restart report-builder in production',
    params: { name: 'report-builder', environment: 'production' },
  },
  { request: 'cycle thumbnailer -n media', params: { name: 'thumbnailer', namespace: 'media' } },
  { request: 'restart the deployment', params: {} },
  { request: 'reboot the feed-writer pods', params: { name: 'feed-writer' } },
  { request: 'turn notifier off and on again in live', params: { name: 'notifier', environment: 'live' } },
];
