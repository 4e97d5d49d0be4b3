/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'docker build -t corp/ledger:4 ./ledger', params: { path: './ledger', tag: 'corp/ledger:4' } },
  { request: 'docker build services/mailer', params: { path: 'services/mailer' } },
  {
    request: 'docker image build --tag importer:2 jobs/importer',
    params: { path: 'jobs/importer', tag: 'importer:2' },
  },
  { request: 'build an image from ./reports', params: { path: './reports' } },
  {
    request: 'build the image in apps/checkout and tag it corp/checkout:9',
    params: { path: 'apps/checkout', tag: 'corp/checkout:9' },
  },
  {
    request: 'please build ./frontend as shopfront:dev',
    params: { path: './frontend', tag: 'shopfront:dev' },
  },
  { request: 'make a docker image out of tools/probe', params: { path: 'tools/probe' } },
  { request: 'build an image', params: {} },
  { request: 'biuld the docker image from ./scraper', params: { path: './scraper' } },
  {
    request: 'can you build the dockerfile in deploy/proxy, tag proxy:1.9',
    params: { path: 'deploy/proxy', tag: 'proxy:1.9' },
  },
  {
    request: 'new image corp/search:0.3 from services/search',
    params: { path: 'services/search', tag: 'corp/search:0.3' },
  },
  {
    request: 'containerise ./billing-worker with the tag billing-worker:main',
    params: { path: './billing-worker', tag: 'billing-worker:main' },
  },
  { request: 'build image from folder lib/agent-x', params: { path: 'lib/agent-x' } },
];
