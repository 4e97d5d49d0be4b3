/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'gh issue create -R northwind/ledger --title "Totals are off by a cent"',
    params: { repo: 'northwind/ledger', title: 'Totals are off by a cent' },
  },
  {
    request: 'open an issue in northwind/pricing: discount codes expire a day early',
    params: { repo: 'northwind/pricing', title: 'discount codes expire a day early' },
  },
  {
    request: 'file a bug against invoice-engine titled "PDF has no page numbers"',
    params: { repo: 'invoice-engine', title: 'PDF has no page numbers' },
  },
  {
    request: "please create an issue 'Crash on empty input' in northwind/parser",
    params: { repo: 'northwind/parser', title: 'Crash on empty input' },
  },
  { request: 'open an issue', params: {} },
  { request: 'new issue for northwind/mailer', params: { repo: 'northwind/mailer' } },
  {
    request: 'raise an issue in northwind/scheduler: jobs run twice when the clock changes',
    params: { repo: 'northwind/scheduler', title: 'jobs run twice when the clock changes' },
  },
  {
    request: 'creat an issue on northwind/handbook called "Typos in chapter two"',
    params: { repo: 'northwind/handbook', title: 'Typos in chapter two' },
  },
  {
    request: 'can you log a ticket in telemetry-agent: agent eats memory over night',
    params: { repo: 'telemetry-agent', title: 'agent eats memory over night' },
  },
  {
    request: 'issue in northwind/lab: the charts need a legend',
    params: { repo: 'northwind/lab', title: 'the charts need a legend' },
  },
  {
    request: 'write an issue for northwind/fixtures with the title "Add a fixture for leap years"',
    params: { repo: 'northwind/fixtures', title: 'Add a fixture for leap years' },
  },
  {
    request: 'report in northwind/cookbook: the soup recipe is missing',
    params: { repo: 'northwind/cookbook', title: 'the soup recipe is missing' },
  },
];
