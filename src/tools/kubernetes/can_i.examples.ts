/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'may you delete pods in staging',
    params: { verb: 'delete', kind: 'pod', environment: 'staging' },
  },
  {
    request: 'kubectl auth can-i create deployments -n desk',
    params: { verb: 'create', kind: 'deployment', namespace: 'desk' },
  },
  { request: 'what is reign allowed to do in prod', params: { environment: 'prod' } },
  {
    request: 'does your account have permission to patch deployments in production',
    params: { verb: 'patch', kind: 'deployment', environment: 'production' },
  },
  {
    request: 'which rights does your service account have in namespace payouts',
    params: { namespace: 'payouts' },
  },
  {
    request: 'are you allowed to read secrets in dev',
    params: { verb: 'read', kind: 'secret', environment: 'dev' },
  },
  { request: 'kubectl auth can-i --list', params: {} },
  {
    request: 'check whether reign may create jobs in namespace batch',
    params: { verb: 'create', kind: 'job', namespace: 'batch' },
  },
  {
    request: 'do you have the permissions to delete services on qa',
    params: { verb: 'delete', kind: 'service', environment: 'qa' },
  },
  { request: 'show your own permissions in the cluster', params: {} },
  {
    request: 'is the bot allowed to list nodes in staging',
    params: { verb: 'list', kind: 'node', environment: 'staging' },
  },
  {
    request: 'your permissions in namespace find on prod',
    params: { namespace: 'find', environment: 'prod' },
  },
];
