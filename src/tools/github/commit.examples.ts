/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'commit the text "hello" as greeting.txt to branch drafts of northwind/ledger',
    params: { repo: 'northwind/ledger', branch: 'drafts', path: 'greeting.txt', content: 'hello' },
  },
  {
    request: 'commit to docs in northwind/pricing with the message "Fix a link"',
    params: { repo: 'northwind/pricing', branch: 'docs', message: 'Fix a link' },
  },
  {
    request: 'write a file CODEOWNERS to branch owners of invoice-engine',
    params: { repo: 'invoice-engine', branch: 'owners', path: 'CODEOWNERS' },
  },
  { request: 'commit a file to northwind/parser', params: { repo: 'northwind/parser' } },
  {
    request: 'put config/limits.yaml on branch limits of northwind/mailer',
    params: { repo: 'northwind/mailer', branch: 'limits', path: 'config/limits.yaml' },
  },
  { request: 'make a commit', params: {} },
  {
    request: 'update README.md on branch readme of northwind/scheduler',
    params: { repo: 'northwind/scheduler', branch: 'readme', path: 'README.md' },
  },
  {
    request: 'commit .nvmrc with the content "22" to branch node-22 in northwind/handbook',
    params: { repo: 'northwind/handbook', branch: 'node-22', path: '.nvmrc', content: '22' },
  },
  {
    request: 'change VERSION on branch bump of telemetry-agent to "1.4.0"',
    params: { repo: 'telemetry-agent', branch: 'bump', path: 'VERSION', content: '1.4.0' },
  },
  {
    request: 'comit notes.md to branch notes of northwind/lab',
    params: { repo: 'northwind/lab', branch: 'notes', path: 'notes.md' },
  },
  {
    request: 'add the file LICENSE to northwind/fixtures on branch legal',
    params: { repo: 'northwind/fixtures', branch: 'legal', path: 'LICENSE' },
  },
  {
    request: 'please commit a change of menu.json to branch menu in northwind/cookbook',
    params: { repo: 'northwind/cookbook', branch: 'menu', path: 'menu.json' },
  },
];
