/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'gh release create v2.3.0 -R northwind/ledger',
    params: { repo: 'northwind/ledger', tag: 'v2.3.0' },
  },
  {
    request: 'publish release v1.0.1 of northwind/pricing',
    params: { repo: 'northwind/pricing', tag: 'v1.0.1' },
  },
  { request: 'release invoice-engine as 4.0.0', params: { repo: 'invoice-engine', tag: '4.0.0' } },
  {
    request: 'cut v0.9.0-rc.1 in northwind/parser',
    params: { repo: 'northwind/parser', tag: 'v0.9.0-rc.1' },
  },
  {
    request: 'make a github release of northwind/mailer, tag v5.2.0',
    params: { repo: 'northwind/mailer', tag: 'v5.2.0' },
  },
  { request: 'create a release', params: {} },
  { request: 'new release for northwind/scheduler', params: { repo: 'northwind/scheduler' } },
  {
    request: 'please tag and release v3.1.4 of telemetry-agent',
    params: { repo: 'telemetry-agent', tag: 'v3.1.4' },
  },
  { request: 'relase v7.0.0 of northwind/handbook', params: { repo: 'northwind/handbook', tag: 'v7.0.0' } },
  {
    request: 'can you ship v1.2.0 of northwind/lab on github',
    params: { repo: 'northwind/lab', tag: 'v1.2.0' },
  },
  {
    request: 'northwind/fixtures v2.0.0 can be released',
    params: { repo: 'northwind/fixtures', tag: 'v2.0.0' },
  },
  {
    request: 'put out release `2026.11` for northwind/cookbook',
    params: { repo: 'northwind/cookbook', tag: '2026.11' },
  },
];
