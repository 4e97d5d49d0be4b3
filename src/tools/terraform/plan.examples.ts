/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'terraform plan in network', params: { path: 'network' } },
  {
    request: 'tf plan for stacks/payments on staging',
    params: { path: 'stacks/payments', environment: 'staging' },
  },
  { request: 'what would terraform change in the dns workspace?', params: { path: 'dns' } },
  { request: 'terraform -chdir=infra/registry plan', params: { path: 'infra/registry' } },
  { request: 'plan ./clusters/blue please', params: { path: './clusters/blue' } },
  { request: 'show me what a tf apply would do in infra/mail', params: { path: 'infra/mail' } },
  { request: 'do a terraform plan for production', params: { environment: 'production' } },
  { request: 'terrafrom plan of the bastion workspace', params: { path: 'bastion' } },
  { request: 'could you run terraform plan on live/eu-west', params: { path: 'live/eu-west' } },
  {
    request: 'is there anything to apply in the terraform of infra/search?',
    params: { path: 'infra/search' },
  },
  { request: 'dry-run the terraform changes of the auth-base workspace', params: { path: 'auth-base' } },
  { request: 'pending terraform changes in dev?', params: { environment: 'dev' } },
  { request: 'tf plan', params: {} },
  { request: 'preview terraform for envs/demo in qa', params: { path: 'envs/demo', environment: 'qa' } },
];
