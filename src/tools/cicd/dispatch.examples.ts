/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'gh workflow run nightly.yml -R northwind/ledger --ref develop',
    params: { repo: 'northwind/ledger', workflow: 'nightly.yml', ref: 'develop' },
  },
  {
    request: 'start the release workflow in northwind/pricing',
    params: { repo: 'northwind/pricing', workflow: 'release' },
  },
  {
    request: 'run deploy.yml of invoice-engine on branch main',
    params: { repo: 'invoice-engine', workflow: 'deploy.yml', ref: 'main' },
  },
  {
    request: 'please trigger e2e.yaml on northwind/parser',
    params: { repo: 'northwind/parser', workflow: 'e2e.yaml' },
  },
  {
    request: 'kick off the docs workflow for northwind/mailer from release/2',
    params: { repo: 'northwind/mailer', workflow: 'docs', ref: 'release/2' },
  },
  { request: 'start a workflow', params: {} },
  { request: 'trigger a workflow in northwind/scheduler', params: { repo: 'northwind/scheduler' } },
  {
    request: 'can you launch `benchmark.yml` on northwind/handbook with ref v2.1',
    params: { repo: 'northwind/handbook', workflow: 'benchmark.yml', ref: 'v2.1' },
  },
  {
    request: 'dispatch sync.yml in telemetry-agent',
    params: { repo: 'telemetry-agent', workflow: 'sync.yml' },
  },
  {
    request: 'trigegr the cleanup action of northwind/lab',
    params: { repo: 'northwind/lab', workflow: 'cleanup' },
  },
  {
    request: 'fire off publish.yml for northwind/fixtures against hotfix-3',
    params: { repo: 'northwind/fixtures', workflow: 'publish.yml', ref: 'hotfix-3' },
  },
  {
    request: 'northwind/cookbook: run the package workflow',
    params: { repo: 'northwind/cookbook', workflow: 'package' },
  },
  {
    request: 'run the smoke-tests workflow on northwind/ovens',
    params: { repo: 'northwind/ovens', workflow: 'smoke-tests' },
  },
  {
    request: 'start the preview-site workflow on northwind/garden',
    params: { repo: 'northwind/garden', workflow: 'preview-site' },
  },
  {
    request: 'launch the sync-labels workflow on northwind/pantry please',
    params: { repo: 'northwind/pantry', workflow: 'sync-labels' },
  },
];
