/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'gh run rerun 190433 -R northwind/ledger', params: { repo: 'northwind/ledger', run: 190433 } },
  {
    request: 'gh run rerun 5120 --failed -R northwind/pricing',
    params: { repo: 'northwind/pricing', run: 5120 },
  },
  { request: 'rerun run 88123 of invoice-engine', params: { repo: 'invoice-engine', run: 88123 } },
  {
    request: 'retry workflow run 771200 in northwind/parser',
    params: { repo: 'northwind/parser', run: 771200 },
  },
  {
    request: 'run 40412 on northwind/mailer was flaky, try it again',
    params: { repo: 'northwind/mailer', run: 40412 },
  },
  { request: 'rerun a failed run', params: {} },
  { request: 'rerun the failed build in northwind/scheduler', params: { repo: 'northwind/scheduler' } },
  {
    request: 'please re-run 66001 on northwind/handbook',
    params: { repo: 'northwind/handbook', run: 66001 },
  },
  { request: 'start run 912 again in telemetry-agent', params: { repo: 'telemetry-agent', run: 912 } },
  { request: 'rrun 30021 of northwind/lab', params: { repo: 'northwind/lab', run: 30021 } },
  {
    request: 'give the failed jobs of run 1207 in northwind/fixtures another try',
    params: { repo: 'northwind/fixtures', run: 1207 },
  },
  {
    request: 'northwind/cookbook run 445 once more please',
    params: { repo: 'northwind/cookbook', run: 445 },
  },
];
