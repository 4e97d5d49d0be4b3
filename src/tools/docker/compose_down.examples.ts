/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'docker compose down --remove-orphans', params: {} },
  { request: 'docker compose -f stacks/ledger.yml down', params: { path: 'stacks/ledger.yml' } },
  { request: 'docker-compose --file ops/compose.yaml down', params: { path: 'ops/compose.yaml' } },
  { request: 'take down the compose project in ./orders', params: { path: './orders' } },
  { request: 'tear down the compose stack in stacks/metrics please', params: { path: 'stacks/metrics' } },
  { request: 'compose down for ./mailer', params: { path: './mailer' } },
  {
    request: 'stop and remove everything of apps/compose.yaml with docker compose',
    params: { path: 'apps/compose.yaml' },
  },
  { request: 'take our compose project down', params: {} },
  { request: 'saht down the compose stack at ./wiki', params: { path: './wiki' } },
  {
    request: 'can you shut the docker compose stack in tools/registry down',
    params: { path: 'tools/registry' },
  },
  { request: 'bring the compose file deploy/search.yml down', params: { path: 'deploy/search.yml' } },
  { request: 'run compose down in ./billing', params: { path: './billing' } },
  {
    request: 'we are done with the compose project in apps/forge, take it down',
    params: { path: 'apps/forge' },
  },
];
