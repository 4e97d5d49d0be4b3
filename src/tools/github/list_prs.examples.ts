/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'gh pr list -R northwind/ledger', params: { repo: 'northwind/ledger' } },
  { request: 'gh pr list', params: {} },
  { request: 'open pull requests in northwind/pricing', params: { repo: 'northwind/pricing' } },
  { request: 'which PRs are waiting in invoice-engine?', params: { repo: 'invoice-engine' } },
  { request: 'show me all PRs of northwind/parser', params: { repo: 'northwind/parser' } },
  { request: 'list pull requests', params: {} },
  { request: 'is anybody waiting for a review on northwind/mailer', params: { repo: 'northwind/mailer' } },
  { request: 'what is up for review in `telemetry-agent`', params: { repo: 'telemetry-agent' } },
  { request: 'lst open prs northwind/handbook', params: { repo: 'northwind/handbook' } },
  { request: 'can you list the open pulls for northwind/fixtures', params: { repo: 'northwind/fixtures' } },
  { request: 'pull requests of northwind/scheduler pls', params: { repo: 'northwind/scheduler' } },
  { request: 'how many pull requests are open on northwind/lab', params: { repo: 'northwind/lab' } },
];
