/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'gh pr merge 31 -R northwind/ledger', params: { repo: 'northwind/ledger', number: 31 } },
  {
    request: 'gh pr merge 8 --squash -R northwind/pricing',
    params: { repo: 'northwind/pricing', number: 8, method: 'squash' as const },
  },
  { request: 'merge pull request 240 in invoice-engine', params: { repo: 'invoice-engine', number: 240 } },
  { request: 'merge #17 of northwind/parser please', params: { repo: 'northwind/parser', number: 17 } },
  {
    request: 'squash and merge PR 66 on northwind/mailer',
    params: { repo: 'northwind/mailer', number: 66, method: 'squash' as const },
  },
  {
    request: 'rebase-merge PR #5 in northwind/scheduler',
    params: { repo: 'northwind/scheduler', number: 5, method: 'rebase' as const },
  },
  { request: 'merge a pull request', params: {} },
  {
    request: 'PR 102 in northwind/handbook looks good, merge it',
    params: { repo: 'northwind/handbook', number: 102 },
  },
  { request: 'pls mrege pr 11 northwind/lab', params: { repo: 'northwind/lab', number: 11 } },
  {
    request: 'land #58 on telemetry-agent with a squash',
    params: { repo: 'telemetry-agent', number: 58, method: 'squash' as const },
  },
  { request: 'northwind/fixtures#9 can go in, merge', params: { repo: 'northwind/fixtures', number: 9 } },
  {
    request: 'get pull request 73 of northwind/cookbook in',
    params: { repo: 'northwind/cookbook', number: 73 },
  },
  {
    request: 'rebase-merge #12 on northwind/ovens',
    params: { repo: 'northwind/ovens', number: 12, method: 'rebase' as const },
  },
  {
    request: 'squash-merge #45 in northwind/garden',
    params: { repo: 'northwind/garden', number: 45, method: 'squash' as const },
  },
];
