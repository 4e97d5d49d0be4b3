/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'docker rm ledger', params: { name: 'ledger' } },
  { request: 'docker rm -f jobs-runner', params: { name: 'jobs-runner', force: true } },
  { request: 'docker container rm --force importer', params: { name: 'importer', force: true } },
  { request: 'remove the wiki container', params: { name: 'wiki' } },
  { request: 'delete docker container smtp-relay please', params: { name: 'smtp-relay' } },
  { request: 'get rid of container registry', params: { name: 'registry' } },
  { request: 'force remove the bastion container', params: { name: 'bastion', force: true } },
  { request: 'remove a container', params: {} },
  { request: 'rmeove container grafana', params: { name: 'grafana' } },
  { request: 'throw away the exited container probe', params: { name: 'probe' } },
  {
    request: 'can you delete container `vault-agent` by force',
    params: { name: 'vault-agent', force: true },
  },
  { request: 'the metrics-db container is not needed any more, remove it', params: { name: 'metrics-db' } },
  { request: 'drop container ftp even though it runs, force it', params: { name: 'ftp', force: true } },
];
