/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'apply this manifest in staging', params: { environment: 'staging' } },
  { request: 'kubectl apply -n desk -f -', params: { namespace: 'desk' } },
  { request: 'please apply the following yaml to prod', params: { environment: 'prod' } },
  { request: 'apply this:', params: {} },
  { request: 'apply this yaml', params: {} },
  { request: 'apply a manifest', params: {} },
  { request: 'apply a manifest in staging', params: { environment: 'staging' } },
  { request: 'I have a kubernetes manifest to apply in dev', params: { environment: 'dev' } },
  { request: 'can you apply some yaml to the cluster for me', params: {} },
  { request: 'kubectl apply', params: {} },
  { request: 'server-side apply of a manifest in namespace desk', params: { namespace: 'desk' } },
  {
    request: 'apply my yaml to production, namespace payouts',
    params: { namespace: 'payouts', environment: 'production' },
  },
  { request: 'create these objects from yaml in qa', params: { environment: 'qa' } },
  { request: 'aply the manifest on staging pls', params: { environment: 'staging' } },
  { request: 'push a kubernetes manifest to the cluster', params: {} },
];
