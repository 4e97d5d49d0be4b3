/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'docker restart proxy', params: { name: 'proxy' } },
  { request: 'restart the metrics-db container', params: { name: 'metrics-db' } },
  { request: 'bounce container jobs-runner', params: { name: 'jobs-runner' } },
  { request: 'please restart docker container smtp-relay', params: { name: 'smtp-relay' } },
  { request: 'container wiki is stuck, restart it', params: { name: 'wiki' } },
  { request: 'docker container restart grafana', params: { name: 'grafana' } },
  { request: 'restart a container', params: {} },
  { request: 'restrat the ftp container', params: { name: 'ftp' } },
  { request: 'could you reboot the registry container', params: { name: 'registry' } },
  { request: 'kick the docker container importer', params: { name: 'importer' } },
  { request: 'cycle container `vault-agent`', params: { name: 'vault-agent' } },
  { request: 'turn the bastion container off and on again', params: { name: 'bastion' } },
];
