/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'create a namespace called team-blue in dev',
    params: { name: 'team-blue', environment: 'dev' },
  },
  { request: 'kubectl create ns sandbox-7', params: { name: 'sandbox-7' } },
  { request: 'kubectl create namespace quality', params: { name: 'quality' } },
  { request: 'make me a new namespace load-testing', params: { name: 'load-testing' } },
  {
    request: 'i need a namespace preview-42 on staging',
    params: { name: 'preview-42', environment: 'staging' },
  },
  {
    request: 'add namespace batch-jobs to production',
    params: { name: 'batch-jobs', environment: 'production' },
  },
  { request: 'new namespace data-science please', params: { name: 'data-science' } },
  {
    request: 'set up a namespace for us: partner-portal in prod',
    params: { name: 'partner-portal', environment: 'prod' },
  },
  { request: 'can you create the namespace red-team', params: { name: 'red-team' } },
  {
    request: 'namespace canary should exist in staging, make it',
    params: { name: 'canary', environment: 'staging' },
  },
  { request: 'we need an ns named feature-x', params: { name: 'feature-x' } },
  { request: 'create ns observability in dev', params: { name: 'observability', environment: 'dev' } },
];
