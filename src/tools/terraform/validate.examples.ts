/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'terraform validate in network', params: { path: 'network' } },
  {
    request: 'tf validate stacks/payments on staging',
    params: { path: 'stacks/payments', environment: 'staging' },
  },
  { request: 'are the terraform files of the dns workspace valid?', params: { path: 'dns' } },
  { request: 'terraform -chdir=infra/registry validate', params: { path: 'infra/registry' } },
  { request: 'check the terraform syntax in ./clusters/blue', params: { path: './clusters/blue' } },
  { request: 'validate the hcl in infra/mail', params: { path: 'infra/mail' } },
  { request: 'terraform validate for production please', params: { environment: 'production' } },
  { request: 'terrafrom valdiate the bastion workspace', params: { path: 'bastion' } },
  { request: 'could you lint the terraform in live/eu-west', params: { path: 'live/eu-west' } },
  { request: 'does the terraform code of auth-base even parse?', params: { path: 'auth-base' } },
  { request: 'terraform validate', params: {} },
  { request: 'terraform fmt -check envs/demo in qa', params: { path: 'envs/demo', environment: 'qa' } },
];
