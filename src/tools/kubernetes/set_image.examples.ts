/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'deploy payments-api 2.7.1', params: { name: 'payments-api', tag: '2.7.1' } },
  {
    request: 'set the image of storefront to registry.example.com/shop/storefront:v88 in prod',
    params: { name: 'storefront', image: 'registry.example.com/shop/storefront:v88', environment: 'prod' },
  },
  {
    request: 'kubectl set image deployment/ledger ledger=acme/ledger:4.0.2 -n finance',
    params: { name: 'ledger', image: 'acme/ledger:4.0.2', namespace: 'finance' },
  },
  {
    request: 'roll out version 1.19.3 of mailer on staging',
    params: { name: 'mailer', tag: '1.19.3', environment: 'staging' },
  },
  { request: 'update search-indexer to v3.2', params: { name: 'search-indexer', tag: 'v3.2' } },
  {
    request: 'use image nginx:1.29-alpine for the geocoder deployment',
    params: { name: 'geocoder', image: 'nginx:1.29-alpine' },
  },
  {
    request: 'can we ship pricing 20261101-af31c in live?',
    params: { name: 'pricing', tag: '20261101-af31c', environment: 'live' },
  },
  {
    request: 'upgrade the inventory-sync deployment to tag 0.9.4 in dev',
    params: { name: 'inventory-sync', tag: '0.9.4', environment: 'dev' },
  },
  {
    request: 'bump chat-relay to 5.1 in namespace social',
    params: { name: 'chat-relay', tag: '5.1', namespace: 'social' },
  },
  { request: 'change the image on auth-proxy', params: { name: 'auth-proxy' } },
  {
    request: 'run ghcr.io/acme/thumbnailer:edge in thumbnailer, ns media',
    params: { name: 'thumbnailer', image: 'ghcr.io/acme/thumbnailer:edge', namespace: 'media' },
  },
  { request: 'put report-builder on 7.0.0-rc2 please', params: { name: 'report-builder', tag: '7.0.0-rc2' } },
  {
    request: 'depoly notifier version 12 to stg',
    params: { name: 'notifier', tag: '12', environment: 'stg' },
  },
  { request: 'switch feed-writer to the latest tag', params: { name: 'feed-writer', tag: 'latest' } },
  {
    request: 'release cart-events:2.2.0 to production',
    params: { name: 'cart-events', tag: '2.2.0', environment: 'production' },
  },
  {
    request: 'set fraud-check image to acme/fraud@sha256:1f0a',
    params: { name: 'fraud-check', image: 'acme/fraud@sha256:1f0a' },
  },
];
