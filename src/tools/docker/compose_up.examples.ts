/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'docker compose up --detach', params: {} },
  { request: 'docker compose -f stacks/ledger.yml up -d', params: { path: 'stacks/ledger.yml' } },
  { request: 'docker-compose --file ops/compose.yaml up', params: { path: 'ops/compose.yaml' } },
  { request: 'bring up the compose project in ./orders', params: { path: './orders' } },
  { request: 'start the compose stack in stacks/metrics please', params: { path: 'stacks/metrics' } },
  { request: 'compose up for ./mailer', params: { path: './mailer' } },
  {
    request: 'spin up everything from apps/compose.yaml with docker compose',
    params: { path: 'apps/compose.yaml' },
  },
  { request: 'start our compose project', params: {} },
  { request: 'brnig up the compose stack at ./wiki', params: { path: './wiki' } },
  {
    request: 'can you get the docker compose stack in tools/registry going',
    params: { path: 'tools/registry' },
  },
  { request: 'launch the compose file deploy/search.yml', params: { path: 'deploy/search.yml' } },
  { request: 'run compose up in ./billing', params: { path: './billing' } },
  { request: 'the compose project in apps/forge should be up, start it', params: { path: 'apps/forge' } },
];
