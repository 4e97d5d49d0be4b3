/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'start a new repository northwind/shopfront with a node workflow in it',
    params: { repo: 'northwind/shopfront', language: 'node' },
  },
  {
    request: 'create a repo northwind/quotes that begins with a python pipeline',
    params: { repo: 'northwind/quotes', language: 'python' },
  },
  {
    request: 'bootstrap a private repository northwind/carrier with github actions for go',
    params: { repo: 'northwind/carrier', private: true, language: 'go' },
  },
  {
    request: 'scaffold a new repo with ci: northwind/labels, java',
    params: { repo: 'northwind/labels', language: 'java' },
  },
  {
    request: 'bootstrap a public repo northwind/docs-site with a node ci workflow',
    params: { repo: 'northwind/docs-site', private: false, language: 'node' },
  },
  {
    request: 'make a fresh repository with a rust workflow from the start, northwind/engine',
    params: { repo: 'northwind/engine', language: 'rust' },
  },
  {
    request: 'scaffold northwind/images as a new repo with a docker workflow',
    params: { repo: 'northwind/images', language: 'docker' },
  },
  { request: 'bootstrap a new repository with ci', params: {} },
  {
    request: 'start a repo for the gateway with a go workflow: northwind/gateway',
    params: { repo: 'northwind/gateway', language: 'go' },
  },
  {
    request: 'new repository northwind/infra that starts with a terraform workflow',
    params: { repo: 'northwind/infra', language: 'terraform' },
  },
  {
    request: 'scaffold a repository northwind/charts with a helm pipeline in its first commit',
    params: { repo: 'northwind/charts', language: 'helm' },
  },
  {
    request: 'please bootstrap northwind/checkout-web as a repo with node ci',
    params: { repo: 'northwind/checkout-web', language: 'node' },
  },
  {
    request: 'we want a new repo northwind/reports with a python workflow already in it',
    params: { repo: 'northwind/reports', language: 'python' },
  },
];
