/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'add a node workflow to northwind/ledger with a pull request',
    params: { language: 'node', repo: 'northwind/ledger' },
  },
  {
    request: 'commit a python workflow to northwind/pricing',
    params: { language: 'python', repo: 'northwind/pricing' },
  },
  {
    request: 'open a pull request that adds github actions to invoice-engine',
    params: { repo: 'invoice-engine' },
  },
  {
    request: 'propose a go workflow for northwind/parser as a pull request',
    params: { language: 'go', repo: 'northwind/parser' },
  },
  { request: 'commit a workflow', params: {} },
  {
    request: 'put a java ci workflow into northwind/mailer and open a PR',
    params: { language: 'java', repo: 'northwind/mailer' },
  },
  {
    request: 'commit a docker workflow to northwind/scheduler on a new branch',
    params: { language: 'docker', repo: 'northwind/scheduler' },
  },
  {
    request: 'send a PR with a terraform workflow to northwind/handbook',
    params: { language: 'terraform', repo: 'northwind/handbook' },
  },
  {
    request: 'please push a rust workflow to telemetry-agent as a pull request',
    params: { language: 'rust', repo: 'telemetry-agent' },
  },
  { request: 'comit a helm workflow to northwind/lab', params: { language: 'helm', repo: 'northwind/lab' } },
  {
    request: 'add the generated workflow to northwind/fixtures with a pull request',
    params: { repo: 'northwind/fixtures' },
  },
  {
    request: 'make a pull request adding ci for python to northwind/cookbook',
    params: { language: 'python', repo: 'northwind/cookbook' },
  },
];
