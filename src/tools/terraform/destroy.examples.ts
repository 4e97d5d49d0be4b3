/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'terraform destroy in network', params: { path: 'network' } },
  {
    request: 'tf destroy stacks/payments on staging',
    params: { path: 'stacks/payments', environment: 'staging' },
  },
  { request: 'destroy the dns-lab terraform workspace', params: { path: 'dns-lab' } },
  { request: 'terraform -chdir=infra/registry destroy', params: { path: 'infra/registry' } },
  { request: 'tear down everything terraform made in ./clusters/blue', params: { path: './clusters/blue' } },
  { request: 'get rid of all terraform resources in infra/mail', params: { path: 'infra/mail' } },
  { request: 'terraform destroy for qa please', params: { environment: 'qa' } },
  { request: 'terrafrom destory the bastion workspace', params: { path: 'bastion' } },
  { request: 'could you run terraform destroy on trial/eu-west', params: { path: 'trial/eu-west' } },
  { request: 'we do not need envs/demo any more, terraform destroy it', params: { path: 'envs/demo' } },
  { request: 'terraform apply -destroy in infra/search', params: { path: 'infra/search' } },
  { request: 'remove the whole load-test stack with terraform', params: { path: 'load-test' } },
  { request: 'wipe the terraform workspace pr-204 in dev', params: { path: 'pr-204', environment: 'dev' } },
  { request: 'terraform destroy', params: {} },
];
