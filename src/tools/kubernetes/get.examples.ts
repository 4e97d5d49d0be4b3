/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'kubectl get deployment mailer -o yaml', params: { kind: 'deployment', name: 'mailer' } },
  {
    request: 'kubectl get svc edge -n web -o yaml',
    params: { kind: 'service', name: 'edge', namespace: 'web' },
  },
  {
    request: 'show me the yaml of deployment geocoder in prod',
    params: { kind: 'deployment', name: 'geocoder', environment: 'prod' },
  },
  { request: 'manifest of the cronjob nightly-import', params: { kind: 'cronjob', name: 'nightly-import' } },
  {
    request: 'dump configmap feature-flags as yaml in staging',
    params: { kind: 'configmap', name: 'feature-flags', environment: 'staging' },
  },
  { request: 'give me the manifest of ingress public-web', params: { kind: 'ingress', name: 'public-web' } },
  {
    request: 'yaml for statefulset ledger-db in namespace finance',
    params: { kind: 'statefulset', name: 'ledger-db', namespace: 'finance' },
  },
  { request: 'export the deployment chat-relay as yaml', params: { kind: 'deployment', name: 'chat-relay' } },
  { request: 'kubectl get pod fraud-check-0 -oyaml', params: { kind: 'pod', name: 'fraud-check-0' } },
  {
    request: 'what does the yaml of the hpa storefront look like in dev',
    params: { kind: 'hpa', name: 'storefront', environment: 'dev' },
  },
  {
    request: 'print the manifest for namespace batch-jobs',
    params: { kind: 'namespace', name: 'batch-jobs' },
  },
  {
    request: 'raw yaml of service legacy-edge in production',
    params: { kind: 'service', name: 'legacy-edge', environment: 'production' },
  },
];
