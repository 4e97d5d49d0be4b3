/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'helm create shop', params: { name: 'shop' } },
  {
    request: 'create a helm chart gateway for image acme/gateway:1.4',
    params: { name: 'gateway', image: 'acme/gateway:1.4' },
  },
  {
    request: 'write me a helm chart for billing, image acme/billing:2.0, port 8080',
    params: { name: 'billing', image: 'acme/billing:2.0', port: 8080 },
  },
  {
    request: 'generate a chart called inventory running ghcr.io/acme/inventory:7 with 3 replicas',
    params: { name: 'inventory', image: 'ghcr.io/acme/inventory:7', replicas: 3 },
  },
  { request: 'i need a new helm chart named search', params: { name: 'search' } },
  {
    request: 'scaffold a helm chart mailer with image acme/mailer:5',
    params: { name: 'mailer', image: 'acme/mailer:5' },
  },
  {
    request: 'draft a chart for the frontend service on port 3000',
    params: { name: 'frontend', port: 3000 },
  },
  { request: 'make a helm chart for notifier please', params: { name: 'notifier' } },
  {
    request: 'turn image acme/reporting:11 into a helm chart reporting',
    params: { name: 'reporting', image: 'acme/reporting:11' },
  },
  {
    request: 'create helm chart edge, 4 replicas, port 9090',
    params: { name: 'edge', replicas: 4, port: 9090 },
  },
  {
    request: 'new chart ledger from acme/ledger:3, try it in staging',
    params: { name: 'ledger', image: 'acme/ledger:3', environment: 'staging' },
  },
  { request: 'create a helm chart', params: {} },
  {
    request: 'can you author a helm chart worker that runs acme/worker:0.9',
    params: { name: 'worker', image: 'acme/worker:0.9' },
  },
];
