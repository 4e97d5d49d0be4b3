/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'docker pull corp/ledger:4', params: { image: 'corp/ledger:4' } },
  { request: 'docker image pull valkey:8', params: { image: 'valkey:8' } },
  { request: 'pull the image nats:2.10', params: { image: 'nats:2.10' } },
  { request: 'please pull mariadb:11', params: { image: 'mariadb:11' } },
  { request: 'fetch the docker image corp/reports:7 from the registry', params: { image: 'corp/reports:7' } },
  { request: 'can you pull haproxy:3.0 onto the docker host', params: { image: 'haproxy:3.0' } },
  { request: 'download the image influxdb:2', params: { image: 'influxdb:2' } },
  { request: 'pull an image', params: {} },
  { request: 'plul image gitea/gitea:1.22', params: { image: 'gitea/gitea:1.22' } },
  { request: 'get the newest `corp/search:12` image', params: { image: 'corp/search:12' } },
  { request: 'pull quay.io/team/probe:3 in docker', params: { image: 'quay.io/team/probe:3' } },
  { request: 'docker pull ghcr.io/corp/mailer', params: { image: 'ghcr.io/corp/mailer' } },
  { request: 'image zookeeper:3.9 should be pulled', params: { image: 'zookeeper:3.9' } },
];
