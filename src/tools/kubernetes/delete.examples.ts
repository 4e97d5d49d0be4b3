/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'delete the deployment old-storefront in dev',
    params: { kind: 'deployment', name: 'old-storefront', environment: 'dev' },
  },
  {
    request: 'kubectl delete pod mailer-7d9f -n social',
    params: { kind: 'pod', name: 'mailer-7d9f', namespace: 'social' },
  },
  { request: 'kubectl delete svc/legacy-edge', params: { kind: 'service', name: 'legacy-edge' } },
  {
    request: 'remove the configmap feature-flags from staging',
    params: { kind: 'configmap', name: 'feature-flags', environment: 'staging' },
  },
  { request: 'delete job nightly-import', params: { kind: 'job', name: 'nightly-import' } },
  {
    request: 'get rid of the cronjob ping-partners in prod',
    params: { kind: 'cronjob', name: 'ping-partners', environment: 'prod' },
  },
  { request: 'drop the namespace preview-42', params: { kind: 'namespace', name: 'preview-42' } },
  {
    request: 'delete statefulset ledger-db in namespace finance',
    params: { kind: 'statefulset', name: 'ledger-db', namespace: 'finance' },
  },
  {
    request: 'please delete ingress public-web on production',
    params: { kind: 'ingress', name: 'public-web', environment: 'production' },
  },
  {
    request: 'remove pvc scratch-data in ns batch',
    params: { kind: 'pvc', name: 'scratch-data', namespace: 'batch' },
  },
  {
    request: 'kill the pod geocoder-0 in staging',
    params: { kind: 'pod', name: 'geocoder-0', environment: 'staging' },
  },
  {
    request: 'kubectl delete secret partner-token -n core',
    params: { kind: 'secret', name: 'partner-token', namespace: 'core' },
  },
];
