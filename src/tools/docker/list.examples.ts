/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'docker ps --no-trunc', params: {} },
  { request: 'docker ps --all', params: { all: true } },
  { request: 'list containers', params: {} },
  { request: 'which containers are running?', params: {} },
  { request: 'show me every container, the stopped ones as well', params: { all: true } },
  { request: 'docker container ls', params: {} },
  { request: 'docker container ls --all', params: { all: true } },
  { request: 'what docker containers do we have up', params: {} },
  { request: 'list all containers including exited', params: { all: true } },
  { request: 'running docker containers please', params: {} },
  { request: 'lsit docker containers', params: {} },
  { request: 'show containers, also the dead ones', params: { all: true } },
  { request: 'what is running in docker', params: {} },
];
