/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: `kubectl patch deployment tickets -n desk --type=merge -p '{"spec":{"paused":true}}'`,
    params: { kind: 'deployment', name: 'tickets', namespace: 'desk', patch: '{"spec":{"paused":true}}' },
  },
  {
    request: 'patch the service front-door in staging with {"spec":{"sessionAffinity":"ClientIP"}}',
    params: {
      kind: 'service',
      name: 'front-door',
      environment: 'staging',
      patch: '{"spec":{"sessionAffinity":"ClientIP"}}',
    },
  },
  {
    request: 'patch configmap banner-texts with {"data":{"MOOD":"calm"}}',
    params: { kind: 'configmap', name: 'banner-texts', patch: '{"data":{"MOOD":"calm"}}' },
  },
  {
    request: 'apply the patch {"spec":{"suspend":true}} to cronjob tidy-up in prod',
    params: { kind: 'cronjob', name: 'tidy-up', environment: 'prod', patch: '{"spec":{"suspend":true}}' },
  },
  {
    request: 'merge patch deployment mailroom: {"spec":{"minReadySeconds":10}}',
    params: { kind: 'deployment', name: 'mailroom', patch: '{"spec":{"minReadySeconds":10}}' },
  },
  {
    request: 'patch ingress shopfront in production',
    params: { kind: 'ingress', name: 'shopfront', environment: 'production' },
  },
  { request: 'please patch the deployment coupons', params: { kind: 'deployment', name: 'coupons' } },
  {
    request: 'kubectl patch hpa coupons -n shop',
    params: { kind: 'horizontalpodautoscaler', name: 'coupons', namespace: 'shop' },
  },
  {
    request: 'I want to patch the statefulset ledger-store in dev',
    params: { kind: 'statefulset', name: 'ledger-store', environment: 'dev' },
  },
  {
    request: 'patch svc/metrics-front with {"metadata":{"labels":{"team":"obs"}}} on staging',
    params: {
      kind: 'service',
      name: 'metrics-front',
      environment: 'staging',
      patch: '{"metadata":{"labels":{"team":"obs"}}}',
    },
  },
  { request: 'patch the namespace sandbox-2', params: { kind: 'namespace', name: 'sandbox-2' } },
  {
    request: 'can you patch pdb gateway-budget in qa',
    params: { kind: 'poddisruptionbudget', name: 'gateway-budget', environment: 'qa' },
  },
];
