/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'terraform output in network', params: { path: 'network' } },
  {
    request: 'tf outputs of stacks/payments on staging',
    params: { path: 'stacks/payments', environment: 'staging' },
  },
  { request: 'what are the terraform outputs of the dns workspace?', params: { path: 'dns' } },
  { request: 'terraform -chdir=infra/registry output', params: { path: 'infra/registry' } },
  { request: 'show me the outputs in ./clusters/blue', params: { path: './clusters/blue' } },
  { request: 'which values does the infra/mail terraform give out', params: { path: 'infra/mail' } },
  { request: 'terraform output for production please', params: { environment: 'production' } },
  { request: 'terrafrom outputs bastion workspace', params: { path: 'bastion' } },
  { request: 'could you print the terraform outputs of live/eu-west', params: { path: 'live/eu-west' } },
  { request: 'i need the output values of the auth-base workspace', params: { path: 'auth-base' } },
  { request: 'terraform output -json', params: {} },
  { request: 'outputs of envs/demo in qa', params: { path: 'envs/demo', environment: 'qa' } },
];
