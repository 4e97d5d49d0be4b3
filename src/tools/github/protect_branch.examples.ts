/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'protect main in northwind/ledger', params: { repo: 'northwind/ledger', branch: 'main' } },
  {
    request: 'require two approvals on main of northwind/pricing',
    params: { repo: 'northwind/pricing', branch: 'main', approvals: 2 },
  },
  {
    request: 'protect the branch release/2 of invoice-engine with 1 review',
    params: { repo: 'invoice-engine', branch: 'release/2', approvals: 1 },
  },
  {
    request: 'turn on branch protection for develop in northwind/parser',
    params: { repo: 'northwind/parser', branch: 'develop' },
  },
  {
    request: 'nobody should push to main in northwind/mailer directly',
    params: { repo: 'northwind/mailer', branch: 'main' },
  },
  { request: 'protect a branch', params: {} },
  { request: 'branch protection for northwind/scheduler please', params: { repo: 'northwind/scheduler' } },
  {
    request: 'require 3 reviewers on stable in northwind/handbook',
    params: { repo: 'northwind/handbook', branch: 'stable', approvals: 3 },
  },
  {
    request: 'set up branch protection on telemetry-agent main',
    params: { repo: 'telemetry-agent', branch: 'main' },
  },
  { request: 'proetct main of northwind/lab', params: { repo: 'northwind/lab', branch: 'main' } },
  {
    request: 'pull requests into main of northwind/fixtures need 2 approvals from now on',
    params: { repo: 'northwind/fixtures', branch: 'main', approvals: 2 },
  },
  {
    request: 'lock down the branch prod in northwind/cookbook, reviews required',
    params: { repo: 'northwind/cookbook', branch: 'prod' },
  },
];
