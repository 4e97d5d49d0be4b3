/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'list pods in staging', params: { kind: 'pods', environment: 'staging' } },
  { request: 'kubectl get po -n finance', params: { kind: 'pods', namespace: 'finance' } },
  { request: 'kubectl get deploy -n media', params: { kind: 'deployments', namespace: 'media' } },
  { request: 'kubectl get svc', params: { kind: 'services' } },
  { request: 'show me all deployments in prod', params: { kind: 'deployments', environment: 'prod' } },
  { request: 'what nodes do we have?', params: { kind: 'nodes' } },
  {
    request: 'which namespaces exist in production',
    params: { kind: 'namespaces', environment: 'production' },
  },
  {
    request: 'get the ingresses of namespace shopfront in live',
    params: { kind: 'ingresses', namespace: 'shopfront', environment: 'live' },
  },
  { request: 'lsit services in stg', params: { kind: 'services', environment: 'stg' } },
  { request: 'any jobs running in dev?', params: { kind: 'jobs', environment: 'dev' } },
  { request: 'show cronjobs in ns reports', params: { kind: 'cronjobs', namespace: 'reports' } },
  { request: 'kubectl get statefulsets', params: { kind: 'statefulsets' } },
  { request: 'list configmaps in the social namespace', params: { kind: 'configmaps', namespace: 'social' } },
  { request: 'what pods are running on staging?', params: { kind: 'pods', environment: 'staging' } },
  { request: 'give me the daemonsets', params: { kind: 'daemonsets' } },
  { request: 'secrets in namespace finance please', params: { kind: 'secrets', namespace: 'finance' } },
  {
    request: 'kubectl get hpa -n media',
    params: { kind: 'horizontalpodautoscalers', namespace: 'media' },
  },
  { request: 'show pvcs in dev', params: { kind: 'persistentvolumeclaims', environment: 'dev' } },
];
