/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'roll back payments-api', params: { name: 'payments-api' } },
  {
    request: 'rollback the storefront deployment in production',
    params: { name: 'storefront', environment: 'production' },
  },
  {
    request: 'kubectl rollout undo deployment/ledger -n finance',
    params: { name: 'ledger', namespace: 'finance' },
  },
  {
    request: 'kubectl rollout undo deploy mailer --to-revision=14',
    params: { name: 'mailer', revision: 14 },
  },
  {
    request: 'go back to revision 3 of pricing in stg',
    params: { name: 'pricing', revision: 3, environment: 'stg' },
  },
  { request: 'revert search-indexer to the previous version', params: { name: 'search-indexer' } },
  {
    request: 'undo the last rollout of geocoder on staging',
    params: { name: 'geocoder', environment: 'staging' },
  },
  {
    request: 'the new inventory-sync is broken in prod, put the old one back',
    params: { name: 'inventory-sync', environment: 'prod' },
  },
  {
    request: 'roll chat-relay back to rev 21 in namespace social',
    params: { name: 'chat-relay', revision: 21, namespace: 'social' },
  },
  { request: 'rolback auth-proxy', params: { name: 'auth-proxy' } },
  { request: 'restore the previous deployment of thumbnailer', params: { name: 'thumbnailer' } },
  { request: 'undo deploy of report-builder', params: { name: 'report-builder' } },
  {
    request: 'back out the notifier release in live',
    params: { name: 'notifier', environment: 'live' },
  },
  { request: 'roll back to revision 5', params: { revision: 5 } },
  {
    request: 'take feed-writer back one revision, namespace timelines',
    params: { name: 'feed-writer', namespace: 'timelines' },
  },
];
