import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { examples } from './can_i.examples.ts';
import { openCluster } from './client.ts';
import { kindNamed } from './kinds.ts';
import { assessRead, placeRead } from './read-place.ts';
import { mayI } from './rights.ts';
import { readRight, rightInput, rightRequest } from './rights-request.ts';

const usual = ['Pod', 'Deployment', 'StatefulSet', 'Job', 'Service', 'ConfigMap', 'Secret'];
const usualVerbs = ['get', 'create', 'patch', 'delete'];

export const canI = defineOperation({
  ...readParts,
  id: 'kubernetes.can_i',
  version: 1,
  summary: "Says what Reign's own account may do in a cluster.",
  request: rightRequest,
  input: rightInput,
  output: z.object({
    answers: z.array(
      z.object({ kind: z.string(), verb: z.string(), allowed: z.boolean(), reason: z.string() }),
    ),
  }),
  examples,
  connections: ['kubernetes'],
  async resolve({ verb, kind, ...request }, reader) {
    const read = readRight(verb, kind);
    if (read.kind === 'impossible') return read;
    const placed = await placeRead(request, reader);
    if (placed.kind !== 'placed') return placed;
    return { kind: 'input', input: { ...placed.place, ...read.right } };
  },
  assess: (input) => assessRead(input),
  describe: ({ verb, kind, namespace, environment }) => ({
    title: `Ask what Reign may do in ${namespace === undefined ? environment : `namespace ${namespace} of ${environment}`}`,
    byHand: `kubectl auth can-i ${verb === undefined ? '--list' : `${verb} ${kind === undefined ? 'pods' : kindNamed(kind).plural}`} ${namespace === undefined ? '--all-namespaces' : `-n ${namespace}`}`,
  }),
  async execute({ connection, verb, kind, namespace }, reader) {
    const cluster = openCluster(reader, connection);
    const asked = (kind === undefined ? usual : [kind]).flatMap((each) =>
      (verb === undefined ? usualVerbs : [verb]).map((one) => ({
        kind: kindNamed(each),
        verb: one,
        namespace,
      })),
    );
    const answers = await Promise.all(
      asked.map(async (each) => ({
        kind: each.kind.plural,
        verb: each.verb,
        ...(await mayI(cluster, each)),
      })),
    );
    return { answers };
  },
  render({ answers }, { namespace, environment }) {
    const where =
      namespace === undefined
        ? `all namespaces of ${environment}`
        : `namespace ${namespace} of ${environment}`;
    const [first, ...others] = answers;
    if (first !== undefined && others.length === 0) {
      const why = first.reason === '' ? '' : ` (${first.reason})`;
      const text = `Reign's account ${first.allowed ? 'may' : 'may not'} ${first.verb} ${first.kind} in ${where}${why}.`;
      return { kind: 'text', text };
    }
    const verbs = [...new Set(answers.map(({ verb }) => verb))];
    const rows = [...new Set(answers.map(({ kind }) => kind))].map((kind) => [
      kind,
      ...verbs.map((verb) =>
        answers.find((it) => it.kind === kind && it.verb === verb)?.allowed ? 'yes' : 'no',
      ),
    ]);
    return { kind: 'table', columns: ['Kind', ...verbs], rows, note: `Reign's own account in ${where}` };
  },
});
