/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'compare main and develop in northwind/ledger',
    params: { repo: 'northwind/ledger', base: 'main', head: 'develop' },
  },
  {
    request: 'gh api repos/northwind/pricing/compare/v1.0...v1.1',
    params: { repo: 'northwind/pricing', base: 'v1.0', head: 'v1.1' },
  },
  {
    request: 'what is new in invoice-engine since v2.4.0?',
    params: { repo: 'invoice-engine', base: 'v2.4.0' },
  },
  {
    request: 'diff between release/1 and release/2 of northwind/parser',
    params: { repo: 'northwind/parser', base: 'release/1', head: 'release/2' },
  },
  {
    request: 'which commits does feature/login have over main in northwind/mailer',
    params: { repo: 'northwind/mailer', head: 'feature/login', base: 'main' },
  },
  { request: 'compare two branches', params: {} },
  {
    request: 'what has changed in northwind/scheduler since the last release',
    params: { repo: 'northwind/scheduler' },
  },
  {
    request: 'show the changes from v3.0.0 to v3.1.0 in northwind/handbook',
    params: { repo: 'northwind/handbook', base: 'v3.0.0', head: 'v3.1.0' },
  },
  {
    request: 'how far is develop ahead of main on telemetry-agent',
    params: { repo: 'telemetry-agent', head: 'develop', base: 'main' },
  },
  {
    request: 'comapre dev with main in northwind/lab',
    params: { repo: 'northwind/lab', head: 'dev', base: 'main' },
  },
  {
    request: 'commits between v0.8 and main of northwind/fixtures',
    params: { repo: 'northwind/fixtures', base: 'v0.8', head: 'main' },
  },
  { request: 'unreleased changes of northwind/cookbook', params: { repo: 'northwind/cookbook' } },
];
