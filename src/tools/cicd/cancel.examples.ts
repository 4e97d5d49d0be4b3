/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'gh run cancel 190433 -R northwind/ledger', params: { repo: 'northwind/ledger', run: 190433 } },
  { request: 'cancel run 5120 of northwind/pricing', params: { repo: 'northwind/pricing', run: 5120 } },
  { request: 'stop workflow run 88123 in invoice-engine', params: { repo: 'invoice-engine', run: 88123 } },
  {
    request: 'abort the github run 771200 on northwind/parser',
    params: { repo: 'northwind/parser', run: 771200 },
  },
  {
    request: 'run 40412 in northwind/mailer hangs, kill it',
    params: { repo: 'northwind/mailer', run: 40412 },
  },
  { request: 'cancel a workflow run', params: {} },
  { request: 'cancel the running build in northwind/scheduler', params: { repo: 'northwind/scheduler' } },
  {
    request: 'pls stop ci run 66001 on northwind/handbook',
    params: { repo: 'northwind/handbook', run: 66001 },
  },
  { request: 'kill actions run 912 of telemetry-agent', params: { repo: 'telemetry-agent', run: 912 } },
  { request: 'cancell run 30021 northwind/lab', params: { repo: 'northwind/lab', run: 30021 } },
  {
    request: 'i pushed the wrong branch: cancel run 1207 in northwind/fixtures',
    params: { repo: 'northwind/fixtures', run: 1207 },
  },
  { request: 'terminate run 445 of northwind/cookbook', params: { repo: 'northwind/cookbook', run: 445 } },
];
