/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'docker logs proxy', params: { name: 'proxy' } },
  { request: 'docker logs --tail 40 metrics-db', params: { name: 'metrics-db', lines: 40 } },
  { request: 'show the logs of container jobs-runner', params: { name: 'jobs-runner' } },
  { request: 'last 100 lines of the ftp container', params: { name: 'ftp', lines: 100 } },
  { request: 'what does the smtp-relay container print?', params: { name: 'smtp-relay' } },
  { request: 'tail the registry container', params: { name: 'registry' } },
  { request: 'container logs', params: {} },
  { request: 'dokcer logs grafana', params: { name: 'grafana' } },
  { request: 'get me 25 log lines from docker container importer', params: { name: 'importer', lines: 25 } },
  { request: 'output of container `wiki`', params: { name: 'wiki' } },
  { request: 'docker container logs vault-agent -n 10', params: { name: 'vault-agent', lines: 10 } },
  { request: 'can i have the docker log of bastion', params: { name: 'bastion' } },
];
