/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'create a branch hotfix-12 in northwind/ledger',
    params: { repo: 'northwind/ledger', branch: 'hotfix-12' },
  },
  {
    request: 'make branch release/3 from main in northwind/pricing',
    params: { repo: 'northwind/pricing', branch: 'release/3', from: 'main' },
  },
  {
    request: 'new branch feature/tax in invoice-engine',
    params: { repo: 'invoice-engine', branch: 'feature/tax' },
  },
  {
    request: 'branch northwind/parser at v1.4.0 as maintenance-1',
    params: { repo: 'northwind/parser', branch: 'maintenance-1', from: 'v1.4.0' },
  },
  {
    request: 'please create the branch spike/cache off develop in northwind/mailer',
    params: { repo: 'northwind/mailer', branch: 'spike/cache', from: 'develop' },
  },
  { request: 'create a branch', params: {} },
  {
    request: 'cut a branch release-8 from develop on northwind/scheduler',
    params: { repo: 'northwind/scheduler', branch: 'release-8', from: 'develop' },
  },
  {
    request: 'i need a branch docs/rewrite in northwind/handbook',
    params: { repo: 'northwind/handbook', branch: 'docs/rewrite' },
  },
  { request: 'add branch canary to telemetry-agent', params: { repo: 'telemetry-agent', branch: 'canary' } },
  { request: 'creat branch wip-3 in northwind/lab', params: { repo: 'northwind/lab', branch: 'wip-3' } },
  {
    request: 'git branch stable-2 in northwind/fixtures, from v2.9',
    params: { repo: 'northwind/fixtures', branch: 'stable-2', from: 'v2.9' },
  },
  {
    request: 'start a new branch `bake-off` in northwind/cookbook',
    params: { repo: 'northwind/cookbook', branch: 'bake-off' },
  },
];
