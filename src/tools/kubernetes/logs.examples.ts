/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'logs of payments-api', params: { name: 'payments-api' } },
  {
    request: 'show me the last 200 lines of storefront in prod',
    params: { name: 'storefront', lines: 200, environment: 'prod' },
  },
  {
    request: 'kubectl logs deploy/ledger -n finance --tail=80',
    params: { name: 'ledger', namespace: 'finance', lines: 80 },
  },
  {
    request: 'kubectl logs mailer-6f7c9-abcde --since=15m',
    params: { name: 'mailer-6f7c9-abcde', since: '15m' },
  },
  {
    request: 'what did search-indexer log in the last 20 minutes?',
    params: { name: 'search-indexer', since: '20 minutes' },
  },
  { request: 'tail geocoder on staging', params: { name: 'geocoder', environment: 'staging' } },
  {
    request: 'get pricing pod logs since 2h in live',
    params: { name: 'pricing', since: '2h', environment: 'live' },
  },
  { request: 'lgos for inventory-sync', params: { name: 'inventory-sync' } },
  { request: 'can i see what chat-relay is printing', params: { name: 'chat-relay' } },
  {
    request: 'show 30 log lines from the auth-proxy deployment in namespace edge',
    params: { name: 'auth-proxy', lines: 30, namespace: 'edge' },
  },
  {
    request: 'any errors in the report-builder logs in dev?',
    params: { name: 'report-builder', environment: 'dev' },
  },
  { request: 'thumbnailer logs since yesterday', params: { name: 'thumbnailer', since: 'yesterday' } },
  { request: 'show logs', params: {} },
  {
    request: 'pod logs notifier, stg, last 1h',
    params: { name: 'notifier', since: '1h', environment: 'stg' },
  },
  {
    request: 'print the log of feed-writer -n timelines',
    params: { name: 'feed-writer', namespace: 'timelines' },
  },
];
