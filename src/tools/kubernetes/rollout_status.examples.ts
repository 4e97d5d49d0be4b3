/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'rollout status of payments-api', params: { name: 'payments-api' } },
  {
    request: 'kubectl rollout status deployment/ledger -n finance',
    params: { name: 'ledger', namespace: 'finance' },
  },
  { request: 'is the storefront rollout done in prod?', params: { name: 'storefront', environment: 'prod' } },
  { request: 'how is the deployment of mailer going', params: { name: 'mailer' } },
  {
    request: 'did search-indexer finish rolling out on staging',
    params: { name: 'search-indexer', environment: 'staging' },
  },
  { request: 'is geocoder fully deployed yet', params: { name: 'geocoder' } },
  { request: 'check the rollout of pricing in live', params: { name: 'pricing', environment: 'live' } },
  { request: 'rolout status chat-relay ns social', params: { name: 'chat-relay', namespace: 'social' } },
  { request: 'is the new version of auth-proxy out?', params: { name: 'auth-proxy' } },
  { request: 'has the notifier deploy completed in stg', params: { name: 'notifier', environment: 'stg' } },
  { request: 'rollout progress for thumbnailer', params: { name: 'thumbnailer' } },
  {
    request: 'kubectl rollout status sts event-store',
    params: { name: 'event-store' },
  },
  {
    request: 'is feed-writer stuck rolling out in dev?',
    params: { name: 'feed-writer', environment: 'dev' },
  },
];
