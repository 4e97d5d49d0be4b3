/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'docker exec ledger ls /var/log', params: { name: 'ledger', command: 'ls /var/log' } },
  { request: 'docker exec -it wiki env', params: { name: 'wiki', command: 'env' } },
  {
    request: 'docker container exec importer cat /etc/hosts',
    params: { name: 'importer', command: 'cat /etc/hosts' },
  },
  { request: 'exec `nginx -t` in container proxy', params: { name: 'proxy', command: 'nginx -t' } },
  {
    request: 'execute `df -h` inside the metrics-db container',
    params: { name: 'metrics-db', command: 'df -h' },
  },
  {
    request: 'inside container smtp-relay run `postqueue -p`',
    params: { name: 'smtp-relay', command: 'postqueue -p' },
  },
  {
    request: 'docker exec grafana grafana-cli plugins ls',
    params: { name: 'grafana', command: 'grafana-cli plugins ls' },
  },
  { request: 'exec into container bastion and run `whoami`', params: { name: 'bastion', command: 'whoami' } },
  { request: 'docker exec jobs-runner ps aux', params: { name: 'jobs-runner', command: 'ps aux' } },
  {
    request: 'exec `redis-cli ping` in the docker container sessions',
    params: { name: 'sessions', command: 'redis-cli ping' },
  },
  {
    request: 'docker exec registry registry --version',
    params: { name: 'registry', command: 'registry --version' },
  },
  {
    request: 'execute `php -v` within docker container shopfront',
    params: { name: 'shopfront', command: 'php -v' },
  },
  { request: 'dokcer exec ftp uptime', params: { name: 'ftp', command: 'uptime' } },
];
