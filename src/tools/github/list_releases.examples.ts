/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'gh release list -R northwind/ledger', params: { repo: 'northwind/ledger' } },
  { request: 'gh release list', params: {} },
  { request: 'which releases does northwind/pricing have', params: { repo: 'northwind/pricing' } },
  { request: 'list the releases of invoice-engine', params: { repo: 'invoice-engine' } },
  { request: 'what is the latest release of northwind/parser?', params: { repo: 'northwind/parser' } },
  { request: 'show me the github releases for northwind/mailer', params: { repo: 'northwind/mailer' } },
  { request: 'when was northwind/scheduler last released', params: { repo: 'northwind/scheduler' } },
  { request: 'release history of northwind/handbook on github', params: { repo: 'northwind/handbook' } },
  { request: 'newest version published in telemetry-agent', params: { repo: 'telemetry-agent' } },
  { request: 'lsit releases in northwind/lab', params: { repo: 'northwind/lab' } },
  { request: 'all published releases of `northwind/fixtures`', params: { repo: 'northwind/fixtures' } },
  { request: 'releases of northwind/cookbook please', params: { repo: 'northwind/cookbook' } },
];
