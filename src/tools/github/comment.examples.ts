/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'gh issue comment 31 -R northwind/ledger --body "On it"',
    params: { repo: 'northwind/ledger', number: 31, body: 'On it' },
  },
  {
    request: 'gh pr comment 8 -R northwind/pricing --body "Looks good to me"',
    params: { repo: 'northwind/pricing', number: 8, body: 'Looks good to me' },
  },
  {
    request: 'comment on #240 in invoice-engine: fixed in the last release',
    params: { repo: 'invoice-engine', number: 240, body: 'fixed in the last release' },
  },
  {
    request: 'comment "please rebase" on PR 17 of northwind/parser',
    params: { repo: 'northwind/parser', number: 17, body: 'please rebase' },
  },
  {
    request: 'leave a comment on issue 66 in northwind/mailer saying "Cannot reproduce"',
    params: { repo: 'northwind/mailer', number: 66, body: 'Cannot reproduce' },
  },
  { request: 'write a comment', params: {} },
  {
    request: 'comment on pull request 5 in northwind/scheduler',
    params: { repo: 'northwind/scheduler', number: 5 },
  },
  {
    request: 'reply to issue #102 on northwind/handbook: thanks for the report',
    params: { repo: 'northwind/handbook', number: 102, body: 'thanks for the report' },
  },
  {
    request: 'add the comment "Deployed to staging" to PR 58 of telemetry-agent',
    params: { repo: 'telemetry-agent', number: 58, body: 'Deployed to staging' },
  },
  {
    request: 'coment on #11 in northwind/lab: needs a test',
    params: { repo: 'northwind/lab', number: 11, body: 'needs a test' },
  },
  {
    request: 'tell them in northwind/fixtures#9: we will look at it next week',
    params: { repo: 'northwind/fixtures', number: 9, body: 'we will look at it next week' },
  },
  {
    request: "post 'Works now' on issue 73 of northwind/cookbook",
    params: { repo: 'northwind/cookbook', number: 73, body: 'Works now' },
  },
];
