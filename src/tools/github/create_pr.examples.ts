/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'gh pr create -R northwind/ledger --head rounding --base main --title "Round half to even"',
    params: { repo: 'northwind/ledger', head: 'rounding', base: 'main', title: 'Round half to even' },
  },
  {
    request: 'open a pull request in northwind/pricing from discounts to main',
    params: { repo: 'northwind/pricing', head: 'discounts', base: 'main' },
  },
  {
    request: 'make a PR for branch feature/vat in invoice-engine',
    params: { repo: 'invoice-engine', head: 'feature/vat' },
  },
  {
    request: 'please raise a pull request: northwind/parser, fix/utf8 into develop',
    params: { repo: 'northwind/parser', head: 'fix/utf8', base: 'develop' },
  },
  { request: 'create a pull request', params: {} },
  { request: 'open a PR in northwind/mailer', params: { repo: 'northwind/mailer' } },
  {
    request: 'PR from retry-queue to main on northwind/scheduler titled "Retry the queue"',
    params: { repo: 'northwind/scheduler', head: 'retry-queue', base: 'main', title: 'Retry the queue' },
  },
  {
    request: 'crate a pull request for bump-deps against main in northwind/handbook',
    params: { repo: 'northwind/handbook', head: 'bump-deps', base: 'main' },
  },
  {
    request: 'can you put branch wip/metrics of northwind/lab up for review',
    params: { repo: 'northwind/lab', head: 'wip/metrics' },
  },
  {
    request: 'i would like a PR from hotfix-7 into release/2 in telemetry-agent',
    params: { repo: 'telemetry-agent', head: 'hotfix-7', base: 'release/2' },
  },
  {
    request: "new pull request 'Drop the old cache' in northwind/fixtures: no-cache -> main",
    params: { repo: 'northwind/fixtures', head: 'no-cache', base: 'main', title: 'Drop the old cache' },
  },
  {
    request: 'send branch docs-2 of northwind/cookbook as a PR',
    params: { repo: 'northwind/cookbook', head: 'docs-2' },
  },
  {
    request: 'raise a PR on northwind/ovens, night-mode to release-4',
    params: { repo: 'northwind/ovens', head: 'night-mode', base: 'release-4' },
  },
  {
    request: "open a pull request on northwind/garden, hedges to main, titled 'Trim the hedges'",
    params: { repo: 'northwind/garden', head: 'hedges', base: 'main', title: 'Trim the hedges' },
  },
];
