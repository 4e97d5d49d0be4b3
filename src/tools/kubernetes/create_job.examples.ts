/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'kubectl create job schema-check --image=registry.demo/migrate:2.1',
    params: { name: 'schema-check', image: 'registry.demo/migrate:2.1' },
  },
  {
    request: 'create a job called warmup that runs the image registry.demo/warm:1.0 in staging',
    params: { name: 'warmup', image: 'registry.demo/warm:1.0', environment: 'staging' },
  },
  {
    request: 'run the image registry.demo/reindex:3 as a job named reindex-once in namespace search',
    params: { name: 'reindex-once', image: 'registry.demo/reindex:3', namespace: 'search' },
  },
  {
    request: 'new one-off job backfill from image registry.demo/backfill:0.4 in production',
    params: { name: 'backfill', image: 'registry.demo/backfill:0.4', environment: 'production' },
  },
  {
    request: 'start a one-off job smoke with the image registry.demo/smoke:latest in dev',
    params: { name: 'smoke', image: 'registry.demo/smoke:latest', environment: 'dev' },
  },
  {
    request: 'create job seed-data --image=registry.demo/seed:1 -n shop',
    params: { name: 'seed-data', image: 'registry.demo/seed:1', namespace: 'shop' },
  },
  {
    request: 'make a kubernetes job purge out of registry.demo/purge:5',
    params: { name: 'purge', image: 'registry.demo/purge:5' },
  },
  {
    request: 'i need a job called export-users running registry.demo/export:7 in staging',
    params: { name: 'export-users', image: 'registry.demo/export:7', environment: 'staging' },
  },
  {
    request: 'launch a one-time job verify-ledger using image registry.demo/ledger-check:1.2 in prod',
    params: { name: 'verify-ledger', image: 'registry.demo/ledger-check:1.2', environment: 'prod' },
  },
  {
    request: 'please create a one-off job from the image registry.demo/tool:9',
    params: { image: 'registry.demo/tool:9' },
  },
  {
    request: 'one-off job fix-prices, image registry.demo/prices:2, staging',
    params: { name: 'fix-prices', image: 'registry.demo/prices:2', environment: 'staging' },
  },
  {
    request: 'create a job named compact that runs registry.demo/compact:11 in ns metrics',
    params: { name: 'compact', image: 'registry.demo/compact:11', namespace: 'metrics' },
  },
  { request: 'create a one-off job', params: {} },
];
