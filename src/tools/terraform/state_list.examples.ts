/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'terraform state list in network', params: { path: 'network' } },
  {
    request: 'tf state list for stacks/payments on staging',
    params: { path: 'stacks/payments', environment: 'staging' },
  },
  { request: 'which resources are in the terraform state of the dns workspace?', params: { path: 'dns' } },
  { request: 'terraform -chdir=infra/registry state list', params: { path: 'infra/registry' } },
  { request: 'list the terraform resources in ./clusters/blue', params: { path: './clusters/blue' } },
  { request: 'what does terraform manage in infra/mail', params: { path: 'infra/mail' } },
  { request: 'show the terraform state of production', params: { environment: 'production' } },
  { request: 'terrafrom state lits bastion', params: { path: 'bastion' } },
  { request: 'everything in the state of the auth-base terraform workspace', params: { path: 'auth-base' } },
  {
    request: 'how many resources does the live/eu-west terraform state hold',
    params: { path: 'live/eu-west' },
  },
  { request: 'terraform state list', params: {} },
  {
    request: 'list the state of the envs/demo terraform in qa',
    params: { path: 'envs/demo', environment: 'qa' },
  },
];
