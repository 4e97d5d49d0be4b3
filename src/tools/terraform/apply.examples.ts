/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'terraform apply in network', params: { path: 'network' } },
  {
    request: 'tf apply stacks/payments on staging',
    params: { path: 'stacks/payments', environment: 'staging' },
  },
  { request: 'apply the dns terraform workspace', params: { path: 'dns' } },
  { request: 'terraform -chdir=infra/registry apply', params: { path: 'infra/registry' } },
  { request: 'please apply ./clusters/blue with terraform', params: { path: './clusters/blue' } },
  { request: 'roll out what terraform planned for infra/mail', params: { path: 'infra/mail' } },
  { request: 'do a terraform apply for production', params: { environment: 'production' } },
  { request: 'terrafrom aplly the bastion workspace', params: { path: 'bastion' } },
  { request: 'could you run terraform apply on live/eu-west', params: { path: 'live/eu-west' } },
  { request: 'go ahead with the terraform apply of infra/search', params: { path: 'infra/search' } },
  { request: 'terraform apply -auto-approve', params: {} },
  { request: 'create the infrastructure in envs/demo with terraform', params: { path: 'envs/demo' } },
  { request: 'bring the auth-base workspace up to date with tf apply', params: { path: 'auth-base' } },
  { request: 'apply terraform in envs/trial for qa', params: { path: 'envs/trial', environment: 'qa' } },
];
