import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { openCluster } from './client.ts';
import { kindNamed } from './kinds.ts';
import { assessRead, placeRead } from './read-place.ts';
import { grantsIn } from './rights.ts';
import { readRight, rightInput, rightRequest } from './rights-request.ts';
import { examples } from './who_can.examples.ts';

const mostRows = 200;

export const whoCan = defineOperation({
  ...readParts,
  id: 'kubernetes.who_can',
  version: 1,
  summary: 'Shows who holds which role in a namespace, or whose roles allow something there.',
  request: rightRequest,
  input: rightInput,
  output: z.object({
    grants: z.array(z.object({ who: z.string(), role: z.string(), binding: z.string(), place: z.string() })),
  }),
  examples,
  connections: ['kubernetes'],
  async resolve({ verb, kind, ...request }, reader) {
    if ((verb === undefined) !== (kind === undefined)) {
      const reason = 'Say both what and on which kind, e.g. "who can delete pods", or neither for all roles.';
      return { kind: 'impossible', reason };
    }
    const read = readRight(verb, kind);
    if (read.kind === 'impossible') return read;
    const placed = await placeRead(request, reader);
    if (placed.kind !== 'placed') return placed;
    return { kind: 'input', input: { ...placed.place, ...read.right } };
  },
  assess: (input) => assessRead(input),
  describe: ({ verb, kind, namespace, environment }) => ({
    title: `Show who may ${verb === undefined || kind === undefined ? 'do what' : `${verb} ${kindNamed(kind).plural}`} in ${namespace === undefined ? environment : `namespace ${namespace} of ${environment}`}`,
    byHand: `kubectl get rolebindings,clusterrolebindings ${namespace === undefined ? '--all-namespaces' : `-n ${namespace}`} -o wide`,
  }),
  async execute({ connection, verb, kind, namespace }, reader) {
    const asked =
      verb === undefined || kind === undefined ? undefined : { verb, kind: kindNamed(kind), namespace };
    return { grants: await grantsIn(openCluster(reader, connection), namespace, asked) };
  },
  render({ grants }, { verb, kind, namespace, environment }) {
    const where = namespace === undefined ? environment : `namespace ${namespace} of ${environment}`;
    const what =
      verb === undefined || kind === undefined ? 'hold a role' : `may ${verb} ${kindNamed(kind).plural}`;
    if (grants.length === 0)
      return { kind: 'text', text: `By its roles nobody ${what.replace('hold', 'holds')} in ${where}.` };
    const rows = grants
      .slice(0, mostRows)
      .map(({ who, role, binding, place }) => [who, role, binding, place]);
    const note = `${grants.length} by roles and bindings in ${where}; other ways of granting are not seen.`;
    return { kind: 'table', columns: ['Who', 'Role', 'Binding', 'Where'], rows, note };
  },
});
