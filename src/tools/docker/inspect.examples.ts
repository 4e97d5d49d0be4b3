/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'docker inspect ledger', params: { name: 'ledger' } },
  { request: 'docker container inspect importer', params: { name: 'importer' } },
  { request: 'inspect the wiki container', params: { name: 'wiki' } },
  { request: 'how is container proxy configured', params: { name: 'proxy' } },
  { request: 'details of docker container smtp-relay', params: { name: 'smtp-relay' } },
  { request: 'which ports and volumes does the registry container have?', params: { name: 'registry' } },
  { request: 'what image does the container metrics-db run', params: { name: 'metrics-db' } },
  { request: 'inspect a container', params: {} },
  { request: 'inpsect container grafana', params: { name: 'grafana' } },
  { request: 'show me how the jobs-runner container is set up', params: { name: 'jobs-runner' } },
  { request: 'describe container `vault-agent` in docker', params: { name: 'vault-agent' } },
  { request: 'what networks is the container bastion in', params: { name: 'bastion' } },
  { request: 'is the container ftp healthy, inspect it', params: { name: 'ftp' } },
];
