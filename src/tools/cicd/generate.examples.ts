/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'write a github actions workflow for a node service', params: { language: 'node' } },
  { request: 'generate a ci workflow for python', params: { language: 'python' } },
  { request: 'i need a build pipeline in github actions for our go module', params: { language: 'go' } },
  { request: 'show me a workflow for northwind/ledger', params: { repo: 'northwind/ledger' } },
  {
    request: 'github actions for java, repo northwind/pricing',
    params: { language: 'java', repo: 'northwind/pricing' },
  },
  { request: 'generate a workflow', params: {} },
  { request: 'what would a rust ci workflow look like', params: { language: 'rust' } },
  { request: 'draft a github action that builds a docker image', params: { language: 'docker' } },
  {
    request: 'create ci for northwind/parser in python',
    params: { language: 'python', repo: 'northwind/parser' },
  },
  { request: 'github actions yaml to validate terraform', params: { language: 'terraform' } },
  { request: 'write a github workflow that deploys with helm', params: { language: 'helm' } },
  {
    request: 'genrate a node workflow for northwind/mailer',
    params: { language: 'node', repo: 'northwind/mailer' },
  },
  { request: 'can you come up with a ci config for typescript', params: { language: 'typescript' } },
];
