import { FaultError } from '../../domain/fault.ts';

export type Service = {
  metadata: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec?: { ports?: { name?: string; port: number; protocol?: string; targetPort?: number | string }[] };
};

/** Labels that say what a service is, and do not change with its version. */
const steady = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
  'app',
  'k8s-app',
  'component',
  'name',
];

/** The ServiceMonitor that lets Prometheus scrape a service as it is. Throws FaultError where none could. */
export function serviceMonitor({ name, namespace }: { name: string; namespace: string }, service: Service) {
  const { labels = {}, annotations = {} } = service.metadata;
  const kept = Object.entries(labels).filter(([label]) => steady.includes(label));
  const matchLabels = Object.fromEntries(kept.length > 0 ? kept : Object.entries(labels));
  if (Object.keys(matchLabels).length === 0)
    throw new FaultError(
      'bad-request',
      `The service ${namespace}/${name} has no labels, and a ServiceMonitor chooses by labels. Give it one, as in app=${name}.`,
    );
  const ports = (service.spec?.ports ?? []).filter(({ protocol = 'TCP' }) => protocol === 'TCP');
  const port = metricsPort(ports, annotations['prometheus.io/port']);
  if (port === undefined)
    throw new FaultError(
      'bad-request',
      `The service ${namespace}/${name} has no TCP port that could be scraped.`,
    );
  const endpoint = {
    // A port is chosen by its name; one without by what it leads to.
    ...(port.name === undefined ? { targetPort: port.targetPort ?? port.port } : { port: port.name }),
    path: annotations['prometheus.io/path'] ?? '/metrics',
    ...(annotations['prometheus.io/scheme'] === 'https' ? { scheme: 'https' } : {}),
    interval: '30s',
  };
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { name, namespace, labels: matchLabels },
    spec: {
      selector: { matchLabels },
      namespaceSelector: { matchNames: [namespace] },
      endpoints: [endpoint],
    },
  };
}

type Port = NonNullable<NonNullable<Service['spec']>['ports']>[number];

function metricsPort(ports: readonly Port[], wanted: string | undefined): Port | undefined {
  return (
    ports.find(
      ({ port, targetPort }) => wanted !== undefined && [`${port}`, `${targetPort}`].includes(wanted),
    ) ??
    ports.find(({ name = '' }) => /metric|prom/.test(name)) ??
    ports.find(({ name = '' }) => name.startsWith('http')) ??
    ports[0]
  );
}
