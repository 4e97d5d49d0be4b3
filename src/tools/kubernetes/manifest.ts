import type { KubeObject, Metadata } from './wire.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Labels that tie a job's pods to its uid; the server makes them anew. */
const jobLabels = [
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
  'job-name',
  'batch.kubernetes.io/job-name',
];

/** An object as somebody would write it: without state, and without what the server adds by itself. */
export function manifestOf({
  apiVersion,
  kind,
  metadata,
  status: _status,
  ...fields
}: KubeObject): KubeObject {
  const { name, namespace, labels, annotations, finalizers, ownerReferences } = metadata ?? {};
  const kept = { name, namespace, labels, annotations, finalizers, ownerReferences };
  const present = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
  return {
    ...{ apiVersion, kind },
    metadata: present as Metadata,
    ...cleanFields(kind, fields),
  } as KubeObject;
}

/** The same for people: values of secrets are never in it, only their keys. */
export function shownManifestOf(object: KubeObject): KubeObject {
  const manifest = manifestOf(object);
  const { [lastApplied]: _applied, ...annotations } = manifest.metadata?.annotations ?? {};
  const metadata = { ...manifest.metadata, ...(manifest.metadata?.annotations ? { annotations } : {}) };
  const shown = { ...manifest, metadata: metadata as Metadata };
  if (object.kind !== 'Secret') return shown;
  const masked = (values: unknown) =>
    Object.fromEntries(Object.keys((values ?? {}) as object).map((key) => [key, '(not shown)']));
  return { ...shown, data: masked(object['data']) };
}

function cleanFields(kind: string | undefined, fields: { [field: string]: unknown }) {
  const spec = fields['spec'] as { [field: string]: unknown } | undefined;
  if (spec === undefined) return fields;
  switch (kind) {
    case 'Service': {
      // The address may have been given to another service since; a headless one has none.
      const { clusterIP, clusterIPs: _ips, healthCheckNodePort: _port, ...rest } = spec;
      return { ...fields, spec: { ...rest, ...(clusterIP === 'None' ? { clusterIP } : {}) } };
    }
    case 'Job':
      return { ...fields, spec: withoutJobLabels(spec) };
    case 'Pod': {
      const { nodeName: _node, ...rest } = spec;
      return { ...fields, spec: rest };
    }
    default:
      return fields;
  }
}

function withoutJobLabels({ selector, template, ...spec }: { [field: string]: unknown }) {
  if (spec['manualSelector'] === true) return { selector, template, ...spec };
  const { metadata, ...rest } = (template ?? {}) as { metadata?: Metadata };
  const labels = Object.entries(metadata?.labels ?? {}).filter(([key]) => !jobLabels.includes(key));
  return { ...spec, template: { ...rest, metadata: { ...metadata, labels: Object.fromEntries(labels) } } };
}
