/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'who can delete pods in namespace desk',
    params: { verb: 'delete', kind: 'pod', namespace: 'desk' },
  },
  { request: 'who may read secrets in prod', params: { verb: 'read', kind: 'secret', environment: 'prod' } },
  {
    request: 'list the role bindings with their subjects in namespace payouts',
    params: { namespace: 'payouts' },
  },
  {
    request: 'who has access to namespace find in staging',
    params: { namespace: 'find', environment: 'staging' },
  },
  {
    request: 'who is allowed to patch deployments in production',
    params: { verb: 'patch', kind: 'deployment', environment: 'production' },
  },
  { request: 'which roles are bound to whom in dev', params: { environment: 'dev' } },
  {
    request: 'who can create jobs in namespace batch',
    params: { verb: 'create', kind: 'job', namespace: 'batch' },
  },
  { request: 'rbac of namespace shop', params: { namespace: 'shop' } },
  { request: 'show who holds which role in qa', params: { environment: 'qa' } },
  {
    request: 'which users and service accounts may delete services in namespace post',
    params: { verb: 'delete', kind: 'service', namespace: 'post' },
  },
  { request: 'kubectl who-can list nodes', params: { verb: 'list', kind: 'node' } },
  { request: 'access overview of the cluster roles in production', params: { environment: 'production' } },
];
