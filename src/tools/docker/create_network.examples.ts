/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'docker network create orders-net', params: { name: 'orders-net' } },
  { request: 'docker network create --driver bridge metrics', params: { name: 'metrics' } },
  { request: 'create a network named intranet', params: { name: 'intranet' } },
  { request: 'make me a docker network batch_net', params: { name: 'batch_net' } },
  { request: 'we need a new container network called payments', params: { name: 'payments' } },
  { request: 'please add a network for the containers, name it quarantine', params: { name: 'quarantine' } },
  { request: 'create a docker network', params: {} },
  { request: 'set up docker network `tunnel-1`', params: { name: 'tunnel-1' } },
  { request: 'crete network gateway_net', params: { name: 'gateway_net' } },
  { request: 'a bridge network called staging-bus please', params: { name: 'staging-bus' } },
  { request: 'could you create the network search-tier in docker', params: { name: 'search-tier' } },
  { request: 'new network for docker: telemetry', params: { name: 'telemetry' } },
  { request: 'containers need their own network, call it vault-net', params: { name: 'vault-net' } },
];
