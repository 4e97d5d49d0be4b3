/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'show the quota of namespace desk in staging',
    params: { namespace: 'desk', environment: 'staging' },
  },
  { request: 'how much of its quota does namespace payouts use', params: { namespace: 'payouts' } },
  { request: 'resource quotas in prod', params: { environment: 'prod' } },
  { request: 'is the quota of the namespace find used up', params: { namespace: 'find' } },
  {
    request: 'what limit ranges does namespace batch have in dev',
    params: { namespace: 'batch', environment: 'dev' },
  },
  { request: 'quota usage on production', params: { environment: 'production' } },
  { request: 'kubectl describe quota -n post', params: { namespace: 'post' } },
  {
    request: 'how many pods may namespace sandbox-2 still start under its quota',
    params: { namespace: 'sandbox-2' },
  },
  { request: 'show me the resource limits of namespace blog', params: { namespace: 'blog' } },
  {
    request: 'are we hitting a quota in namespace shop on staging?',
    params: { namespace: 'shop', environment: 'staging' },
  },
  { request: 'quotas and limits please', params: {} },
  { request: 'used and hard quota for ns media in qa', params: { namespace: 'media', environment: 'qa' } },
];
