import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { openCluster } from './client.ts';
import { kindNamed, objectPath } from './kinds.ts';
import { locateObject } from './locate.ts';
import { kubeName } from './names.ts';
import { examples } from './port_check.examples.ts';
import { assessRead, placeInput } from './read-place.ts';
import { portsFor, statesOf } from './service-ports.ts';
import type { Service } from './wire.ts';

const services = kindNamed('Service');

const portInput = placeInput.extend({ namespace: kubeName, name: kubeName, port: z.string().optional() });

export const portCheck = defineOperation({
  ...readParts,
  id: 'kubernetes.port_check',
  version: 1,
  summary: 'Says whether a service has ready endpoints on its port, by what the cluster notes.',
  request: z.strictObject({
    name: z.string().optional(),
    port: z.string().optional().describe('A number or a name, e.g. 8080 or http.'),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: portInput,
  output: z.object({
    open: z.boolean(),
    external: z.string().optional(),
    ports: z.array(
      z.object({
        port: z.string(),
        target: z.string(),
        ready: z.number(),
        notReady: z.number(),
        problem: z.string().optional(),
      }),
    ),
  }),
  examples,
  connections: ['kubernetes'],
  async resolve({ port, ...request }, reader) {
    const sought = { kinds: [services], noun: 'service', verb: 'check' };
    const located = await locateObject(request, reader, sought);
    if (located.kind !== 'located') return located;
    const { namespace, name } = located.object;
    const input: z.infer<typeof portInput> = { ...located.place, namespace, name };
    if (port === undefined) return { kind: 'input', input };
    const service = await located.cluster.get<Service>(objectPath(services, name, namespace));
    if (portsFor(service, port).length > 0) return { kind: 'input', input: { ...input, port } };
    const known = portsFor(service, undefined);
    const text = `The service ${namespace}/${name} has no port ${port}. Which one do you mean?`;
    const options = known.map((each) => ({
      label: `${each.port}${each.name === undefined ? '' : ` (${each.name})`}`,
      patch: { port: String(each.port) },
    }));
    return { kind: 'question', question: { text, field: 'port', options } };
  },
  assess: (input) => assessRead(input, `service/${input.name}`),
  describe: ({ namespace, name, port, environment }: z.infer<typeof portInput>) => ({
    title: `Check ${port === undefined ? 'the ports' : `port ${port}`} of service ${namespace}/${name} in ${environment}`,
    byHand: `kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${name}`,
  }),
  async execute({ connection, namespace, name, port }: z.infer<typeof portInput>, reader) {
    const cluster = openCluster(reader, connection);
    const service = await cluster.get<Service>(objectPath(services, name, namespace));
    const external = service.spec?.externalName;
    if (service.spec?.type === 'ExternalName' && external !== undefined)
      return { open: true, external, ports: [] };
    const ports = await statesOf(cluster, namespace, service, portsFor(service, port));
    return { open: ports.length > 0 && ports.every(({ ready }) => ready > 0), ports };
  },
  render({ open, external, ports }, { namespace, name }) {
    const words = `service ${namespace}/${name}`;
    if (external !== undefined) {
      const text = `The ${words} only leads to the name ${external}, outside of the cluster: it has no endpoints.`;
      return { kind: 'text', text };
    }
    const rows = ports.map((each) => [
      ...[each.port, each.target, String(each.ready), String(each.notReady)],
      each.problem ?? '',
    ]);
    const verdict = open
      ? `The ${words} has ready endpoints.`
      : `The ${words} has a port without any ready endpoint.`;
    const note = `${verdict} This is what the cluster notes; nothing was sent to the port.`;
    return { kind: 'table', columns: ['Port', 'Target', 'Ready', 'Not ready', ''], rows, note };
  },
});
