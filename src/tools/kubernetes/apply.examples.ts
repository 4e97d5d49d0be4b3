const service = `apiVersion: v1
kind: Service
metadata:
  name: tickets
  namespace: desk
spec:
  selector:
    app: tickets
  ports:
    - port: 80`;
const settings = `apiVersion: v1
kind: ConfigMap
metadata:
  name: banner
data:
  TEXT: welcome`;

/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: `apply this manifest in staging:\n${service}`,
    params: { manifest: service, environment: 'staging' },
  },
  {
    request: `kubectl apply -n desk -f -\n${settings}`,
    params: { manifest: settings, namespace: 'desk' },
  },
  {
    request: `please apply the following yaml to prod\n${settings}`,
    params: { manifest: settings, environment: 'prod' },
  },
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
