/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'gh repo create northwind/ledger --private',
    params: { repo: 'northwind/ledger', private: true },
  },
  {
    request: 'gh repo create northwind/handbook --public',
    params: { repo: 'northwind/handbook', private: false },
  },
  { request: 'make a repository called invoice-engine', params: { repo: 'invoice-engine' } },
  { request: 'please create the repo northwind/pricing on github', params: { repo: 'northwind/pricing' } },
  {
    request: 'we need a new private repo for the parser, northwind/parser',
    params: { repo: 'northwind/parser', private: true },
  },
  {
    request: 'set up a public github repository northwind/cookbook',
    params: { repo: 'northwind/cookbook', private: false },
  },
  { request: 'new github repo: telemetry-agent', params: { repo: 'telemetry-agent' } },
  { request: 'create a repository', params: {} },
  {
    request: 'could you open a fresh repo named northwind/mailer for us',
    params: { repo: 'northwind/mailer' },
  },
  {
    request: 'creat repo northwind/scheduler, private please',
    params: { repo: 'northwind/scheduler', private: true },
  },
  { request: 'add an empty repository northwind/fixtures', params: { repo: 'northwind/fixtures' } },
  {
    request: 'start a public repo `northwind/style-guide`',
    params: { repo: 'northwind/style-guide', private: false },
  },
  { request: 'i want a git repo for experiments under northwind/lab', params: { repo: 'northwind/lab' } },
];
