/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'docker stats --all', params: {} },
  { request: 'docker stats proxy', params: { name: 'proxy' } },
  { request: 'docker container stats importer --no-stream', params: { name: 'importer' } },
  { request: 'how much memory does container jobs-runner take', params: { name: 'jobs-runner' } },
  { request: 'cpu of the metrics-db container', params: { name: 'metrics-db' } },
  { request: 'resource usage of containers', params: {} },
  { request: 'which docker container hogs the cpu?', params: {} },
  { request: 'show stats for container wiki', params: { name: 'wiki' } },
  { request: 'is the registry container using much ram', params: { name: 'registry' } },
  { request: 'container memory use, all of them', params: {} },
  { request: 'dokcer stats', params: {} },
  { request: 'load of docker container `smtp-relay`', params: { name: 'smtp-relay' } },
  { request: 'what do our running containers consume', params: {} },
];
