/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'docker run -d --name ledger -p 9090:90 corp/ledger:3',
    params: { image: 'corp/ledger:3', name: 'ledger', port: '9090:90' },
  },
  { request: 'docker run valkey:8', params: { image: 'valkey:8' } },
  { request: 'start a container from nats:2.10', params: { image: 'nats:2.10' } },
  {
    request: 'run quay.io/team/reports:7 as reports',
    params: { image: 'quay.io/team/reports:7', name: 'reports' },
  },
  {
    request: 'spin up a mariadb:11 container called accounts-db',
    params: { image: 'mariadb:11', name: 'accounts-db' },
  },
  {
    request: 'launch the image corp/mailer:0.4 on port 2525:25',
    params: { image: 'corp/mailer:0.4', port: '2525:25' },
  },
  {
    request: 'can you bring up a container with haproxy:3.0, port 8404',
    params: { image: 'haproxy:3.0', port: '8404' },
  },
  { request: 'start a container', params: {} },
  {
    request: 'container from `gitea/gitea:1.22` please, name it forge',
    params: { image: 'gitea/gitea:1.22', name: 'forge' },
  },
  { request: 'rnu a container of influxdb:2', params: { image: 'influxdb:2' } },
  {
    request: 'i want a zookeeper:3.9 container running, 2181:2181',
    params: { image: 'zookeeper:3.9', port: '2181:2181' },
  },
  { request: 'docker container run --name probe alpine', params: { image: 'alpine', name: 'probe' } },
  {
    request: 'fire up corp/search:12 in docker and publish 9200',
    params: { image: 'corp/search:12', port: '9200' },
  },
];
