/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'compare the deployment tickets across all environments', params: { name: 'tickets' } },
  {
    request: 'is mailroom the same in every cluster of prod',
    params: { name: 'mailroom', environment: 'prod' },
  },
  { request: 'does coupons differ between staging and production', params: { name: 'coupons' } },
  {
    request: 'compare ledger-store in all clusters of production',
    params: { name: 'ledger-store', environment: 'production' },
  },
  { request: 'which clusters run another version of sign-in', params: { name: 'sign-in' } },
  {
    request: 'compare message-bus between the clusters, namespace core',
    params: { name: 'message-bus', namespace: 'core' },
  },
  { request: 'where does deployment archive differ between environments', params: { name: 'archive' } },
  { request: 'are all copies of partner-gate identical', params: { name: 'partner-gate' } },
  { request: 'diff of the workload invoices between clusters', params: { name: 'invoices' } },
  {
    request: 'compare statefulset find-index across the clusters of prod',
    params: { name: 'find-index', environment: 'prod' },
  },
  { request: 'is blog in staging the same as in prod', params: { name: 'blog' } },
  { request: 'compare a deployment across clusters', params: {} },
  {
    request: 'drift of deployment geo between environments in namespace maps',
    params: { name: 'geo', namespace: 'maps' },
  },
];
