/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'helm list -n retail', params: { namespace: 'retail' } },
  { request: 'helm ls -A', params: {} },
  { request: 'list the helm releases in staging', params: { environment: 'staging' } },
  { request: 'which helm releases run in production?', params: { environment: 'production' } },
  { request: 'show me all releases helm knows', params: {} },
  { request: 'what did helm install in namespace search', params: { namespace: 'search' } },
  { request: 'helm releases on dev please', params: { environment: 'dev' } },
  { request: 'give me every helm release in prod', params: { environment: 'prod' } },
  { request: 'are there failed helm releases in staging?', params: { environment: 'staging' } },
  { request: 'lst helm releases', params: {} },
  { request: 'overview of helm releases in namespace comms', params: { namespace: 'comms' } },
  { request: 'what helm charts are deployed on staging', params: { environment: 'staging' } },
  { request: 'helm list', params: {} },
];
