/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'docker stop proxy', params: { name: 'proxy' } },
  { request: 'stop the metrics-db container', params: { name: 'metrics-db' } },
  { request: 'shut down container jobs-runner', params: { name: 'jobs-runner' } },
  { request: 'please stop docker container smtp-relay', params: { name: 'smtp-relay' } },
  { request: 'docker container stop grafana', params: { name: 'grafana' } },
  { request: 'halt the wiki container', params: { name: 'wiki' } },
  { request: 'stop a container', params: {} },
  { request: 'sotp the ftp container', params: { name: 'ftp' } },
  { request: 'we no longer need the importer container running, stop it', params: { name: 'importer' } },
  { request: 'bring down container registry', params: { name: 'registry' } },
  { request: 'can you turn off the docker container vault-agent', params: { name: 'vault-agent' } },
  { request: 'stop container `bastion`', params: { name: 'bastion' } },
];
