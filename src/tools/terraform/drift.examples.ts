/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'check network for terraform drift', params: { path: 'network' } },
  {
    request: 'any drift in stacks/payments on staging?',
    params: { path: 'stacks/payments', environment: 'staging' },
  },
  { request: 'has the dns workspace drifted from its terraform state', params: { path: 'dns' } },
  { request: 'terraform -chdir=infra/registry plan -refresh-only', params: { path: 'infra/registry' } },
  {
    request: 'did anyone touch ./clusters/blue by hand, past terraform?',
    params: { path: './clusters/blue' },
  },
  { request: 'compare infra/mail with its terraform state', params: { path: 'infra/mail' } },
  { request: 'drift detection for production', params: { environment: 'production' } },
  { request: 'terrafrom drfit in the bastion workspace', params: { path: 'bastion' } },
  {
    request: 'could you look whether live/eu-west still matches the state',
    params: { path: 'live/eu-west' },
  },
  { request: 'is auth-base in sync with what terraform knows?', params: { path: 'auth-base' } },
  { request: 'terraform plan -refresh-only', params: {} },
  { request: 'find terraform drift in envs/demo for qa', params: { path: 'envs/demo', environment: 'qa' } },
];
