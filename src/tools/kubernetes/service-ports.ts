import type { Cluster } from './client.ts';
import { kindNamed, objectPath } from './kinds.ts';
import { selectorText } from './pods.ts';
import type { EndpointSlice, Pod, Service } from './wire.ts';

export type PortState = {
  port: string;
  target: string;
  ready: number;
  notReady: number;
  /** Why nothing answers there, if so. */
  problem?: string;
};

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];
type Found = { slices: EndpointSlice[]; pods: Pod[] | undefined };

/** The ports of a service that a word means: a number, a name, or all. */
export function portsFor({ spec }: Service, word: string | undefined): ServicePort[] {
  const ports = spec?.ports ?? [];
  return word === undefined
    ? ports
    : ports.filter(({ name, port }) => name === word || String(port) === word);
}

/** How many endpoints stand behind each port, by what the cluster itself notes; nothing is sent to them. */
export async function statesOf(
  cluster: Cluster,
  namespace: string,
  service: Service,
  ports: readonly ServicePort[],
): Promise<PortState[]> {
  const name = service.metadata?.name ?? '';
  const selector = selectorText({ matchLabels: service.spec?.selector ?? {} });
  const [slices, pods] = await Promise.all([
    slicesOf(cluster, namespace, name),
    selector === ''
      ? undefined
      : cluster.list<Pod>(`/api/v1/namespaces/${namespace}/pods`, { labelSelector: selector }),
  ]);
  return ports.map((port) => stateOf(port, { slices, pods }, selector));
}

/** Endpoint slices, or the older Endpoints where the cluster serves none. */
async function slicesOf(cluster: Cluster, namespace: string, name: string): Promise<EndpointSlice[]> {
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
  const slices = await cluster.list<EndpointSlice>(path, {
    labelSelector: `kubernetes.io/service-name=${name}`,
  });
  if (slices.length > 0) return slices;
  type Address = { ip: string };
  type Subset = { addresses?: Address[]; notReadyAddresses?: Address[]; ports?: EndpointSlice['ports'] };
  const old = await cluster.find<{ subsets?: Subset[] }>(objectPath(kindNamed('Endpoints'), name, namespace));
  return (old?.subsets ?? []).map(({ addresses = [], notReadyAddresses = [], ports }) => ({
    addressType: 'IPv4',
    endpoints: [
      ...addresses.map(({ ip }) => ({ addresses: [ip], conditions: { ready: true } })),
      ...notReadyAddresses.map(({ ip }) => ({ addresses: [ip], conditions: { ready: false } })),
    ],
    ...(ports === undefined ? {} : { ports }),
  }));
}

function stateOf(port: ServicePort, { slices, pods }: Found, selector: string): PortState {
  const { name = '', protocol = 'TCP' } = port;
  const here = slices.filter(({ ports }) => ports?.some((each) => (each.name ?? '') === name));
  const endpoints = here.flatMap(({ endpoints = [] }) => endpoints);
  const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false).length;
  const notReady = endpoints.length - ready;
  const numbers = [
    ...new Set(
      here
        .flatMap(({ ports = [] }) => ports.filter((each) => (each.name ?? '') === name))
        .map((each) => each.port),
    ),
  ];
  const target = String(port.targetPort ?? port.port);
  const problem = ready > 0 ? undefined : whyNone(target, pods, notReady, selector);
  const shown =
    numbers.length > 0 && String(numbers[0]) !== target ? `${target} (${numbers.join(', ')})` : target;
  return {
    port: `${port.port}/${protocol}${name === '' ? '' : ` (${name})`}`,
    target: shown,
    ...{ ready, notReady },
    ...(problem === undefined ? undeclared(target, pods) : { problem }),
  };
}

function whyNone(
  target: string,
  pods: readonly Pod[] | undefined,
  notReady: number,
  selector: string,
): string {
  if (pods === undefined) return 'the service selects no pods, and nobody has given it endpoints';
  if (pods.length === 0) return `no pod matches its selector ${selector}`;
  if (!/^\d+$/.test(target) && !pods.some((pod) => declares(pod, target)))
    return `no container of its ${pods.length} pods has a port called "${target}"`;
  return `none of its ${pods.length} pods is ready${notReady > 0 ? ` (${notReady} are not)` : ''}`;
}

/** A number that no container declares may work all the same, or be a mistake. */
function undeclared(target: string, pods: readonly Pod[] | undefined): { problem?: string } {
  const declaring = (pods ?? []).filter(({ spec }) =>
    spec?.containers.some(({ ports = [] }) => ports.length > 0),
  );
  if (!/^\d+$/.test(target) || declaring.length === 0) return {};
  if (declaring.some((pod) => declares(pod, target))) return {};
  return { problem: `no container declares the port ${target}; is it the right one?` };
}

function declares({ spec }: Pod, target: string): boolean {
  return (
    spec?.containers.some(({ ports = [] }) =>
      ports.some(({ name, containerPort }) => name === target || String(containerPort) === target),
    ) === true
  );
}
