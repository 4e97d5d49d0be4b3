/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'gh pr view 31 -R northwind/ledger', params: { repo: 'northwind/ledger', number: 31 } },
  {
    request: 'who approved pull request 8 in northwind/pricing?',
    params: { repo: 'northwind/pricing', number: 8 },
  },
  { request: 'review state of #240 in invoice-engine', params: { repo: 'invoice-engine', number: 240 } },
  {
    request: 'can PR 17 of northwind/parser be merged yet?',
    params: { repo: 'northwind/parser', number: 17 },
  },
  {
    request: 'what blocks pull request 66 on northwind/mailer',
    params: { repo: 'northwind/mailer', number: 66 },
  },
  { request: 'show the reviews of a pull request', params: {} },
  {
    request: 'did anybody review PR 5 in northwind/scheduler',
    params: { repo: 'northwind/scheduler', number: 5 },
  },
  {
    request: 'are the checks of PR #102 on northwind/handbook green',
    params: { repo: 'northwind/handbook', number: 102 },
  },
  { request: 'gh pr checks 11 -R northwind/lab', params: { repo: 'northwind/lab', number: 11 } },
  {
    request: 'reviews and checks of pr 58, telemetry-agent',
    params: { repo: 'telemetry-agent', number: 58 },
  },
  { request: "why can't i merge northwind/fixtures#9", params: { repo: 'northwind/fixtures', number: 9 } },
  {
    request: 'reveiws of pull request 73 in northwind/cookbook',
    params: { repo: 'northwind/cookbook', number: 73 },
  },
];
