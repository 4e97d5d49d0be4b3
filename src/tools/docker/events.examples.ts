/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'docker events --since 30m', params: { since: '30m' } },
  { request: 'docker events', params: {} },
  { request: 'docker system events --since 2h', params: { since: '2h' } },
  { request: 'what happened at docker in the last 15m', params: { since: '15m' } },
  { request: 'show docker events of the last 3h', params: { since: '3h' } },
  { request: 'events of container ledger', params: { name: 'ledger' } },
  { request: 'docker engine events please', params: {} },
  { request: 'recent docker events', params: {} },
  { request: 'dokcer events for container importer since 1h', params: { name: 'importer', since: '1h' } },
  { request: 'which docker containers died in the last 45m?', params: { since: '45m' } },
  { request: 'list events of the docker daemon', params: {} },
  { request: 'docker event log of container wiki', params: { name: 'wiki' } },
  { request: 'what did docker do since 20m', params: { since: '20m' } },
];
