/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'gh run list -R northwind/ledger', params: { repo: 'northwind/ledger' } },
  {
    request: 'gh run list -R northwind/pricing --workflow release.yml',
    params: { repo: 'northwind/pricing', workflow: 'release.yml' },
  },
  { request: 'how did the last builds of invoice-engine go', params: { repo: 'invoice-engine' } },
  { request: 'is CI green on northwind/parser?', params: { repo: 'northwind/parser' } },
  {
    request: 'show the recent runs of nightly.yml in northwind/mailer',
    params: { repo: 'northwind/mailer', workflow: 'nightly.yml' },
  },
  { request: 'ci status', params: {} },
  { request: 'pipeline status of northwind/scheduler', params: { repo: 'northwind/scheduler' } },
  {
    request: 'did the deploy workflow pass on northwind/handbook',
    params: { repo: 'northwind/handbook', workflow: 'deploy' },
  },
  { request: 'what is going on with github actions in telemetry-agent', params: { repo: 'telemetry-agent' } },
  { request: 'last workflwo runs for northwind/lab', params: { repo: 'northwind/lab' } },
  {
    request: 'has `lint.yaml` been failing on northwind/fixtures',
    params: { repo: 'northwind/fixtures', workflow: 'lint.yaml' },
  },
  { request: 'are the builds of northwind/cookbook ok', params: { repo: 'northwind/cookbook' } },
];
