/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'approve the deployment of run 190433 in northwind/ledger',
    params: { repo: 'northwind/ledger', run: 190433 },
  },
  {
    request: 'let run 5120 of northwind/pricing past the gate',
    params: { repo: 'northwind/pricing', run: 5120 },
  },
  {
    request: 'run 88123 in invoice-engine waits for its environment, approve it on github',
    params: { repo: 'invoice-engine', run: 88123 },
  },
  { request: 'approve the pending deployment in northwind/parser', params: { repo: 'northwind/parser' } },
  {
    request: 'approve the github deployment gate of run 40412, northwind/mailer',
    params: { repo: 'northwind/mailer', run: 40412 },
  },
  { request: 'approve a waiting deployment on github', params: {} },
  {
    request: 'pass the environment gate of run 66001 on northwind/handbook',
    params: { repo: 'northwind/handbook', run: 66001 },
  },
  {
    request:
      'the github actions run 912 of telemetry-agent waits for a review of its deployment, let it go on',
    params: { repo: 'telemetry-agent', run: 912 },
  },
  {
    request: 'approve pending deployments for run 1207 in northwind/fixtures',
    params: { repo: 'northwind/fixtures', run: 1207 },
  },
  {
    request: 'release the deployment gate in northwind/scheduler, run 771',
    params: { repo: 'northwind/scheduler', run: 771 },
  },
  { request: 'aprove deployment of run 30021 northwind/lab', params: { repo: 'northwind/lab', run: 30021 } },
  {
    request: 'deployment of run 445 in northwind/cookbook may go on, approve the gate',
    params: { repo: 'northwind/cookbook', run: 445 },
  },
];
