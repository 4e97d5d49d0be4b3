import { z } from 'zod';
import type { ConnectionView } from '../../domain/environment.ts';
import { defineOperation } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { readParts } from '../../domain/read-operation.ts';
import { placesFor } from '../../domain/resolve-environment.ts';
import { askName, unknownName, whichOne } from './ask-object.ts';
import { openCluster } from './client.ts';
import { examples } from './compare.examples.ts';
import { compareCopies, copyOf } from './copies.ts';
import { findObjects, wantedOf } from './find-object.ts';
import { workloadTable } from './locate.ts';
import { kubeName } from './names.ts';
import { workloadKinds } from './workload.ts';

const compareInput = z.strictObject({
  kind: z.enum(workloadKinds),
  namespace: kubeName,
  name: kubeName,
  places: z
    .array(z.strictObject({ environment: z.string(), connection: z.string(), clusterUid: z.string() }))
    .min(2),
});

export const compare = defineOperation({
  ...readParts,
  id: 'kubernetes.compare',
  version: 1,
  summary:
    'Compares one workload across clusters or environments: which copies are identical and which differ.',
  request: z.strictObject({
    name: z.string().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: compareInput,
  output: z.object({
    copies: z.array(
      z.object({
        place: z.string(),
        state: z.enum(['identical', 'differs', 'missing', 'unknown']),
        replicas: z.string(),
        images: z.record(z.string(), z.string()),
        differs: z.array(z.string()),
      }),
    ),
  }),
  examples,
  connections: ['kubernetes'],
  async resolve(request, reader) {
    const places = placesFor(reader.environments, 'kubernetes', request.environment);
    if (places.kind !== 'places') return places;
    const { connections } = places;
    if (connections.length < 2) {
      const reason =
        'There is only one cluster there: nothing to compare with. Name no environment to compare all.';
      return { kind: 'impossible', reason };
    }
    const sought = { kinds: workloadTable, noun: 'workload', verb: 'compare' };
    if (request.name === undefined || request.name.trim() === '')
      return askName(reader, connections, sought, request.namespace);
    const wanted = wantedOf({ name: request.name, namespace: request.namespace });
    const found = await findObjects(reader, connections, workloadTable, wanted);
    const [first] = found;
    if (first === undefined) return unknownName(reader, connections, sought, wanted);
    const sorts = [...new Map(found.map((it) => [`${it.kind.kind} ${it.namespace}`, it])).values()];
    if (sorts.length > 1) {
      const [{ connection }] = [first];
      return { kind: 'question', question: whichOne(sorts.map((it) => ({ ...it, connection }))) };
    }
    const { kind, namespace, name } = first;
    const input = { kind: kind.singular, namespace, name, places: await placesOf(connections, reader) };
    return { kind: 'input', input: compareInput.parse(input) };
  },
  assess({ kind, namespace, name, places }) {
    const [first, ...others] = [...new Set(places.map(({ environment }) => environment))];
    const one = first !== undefined && others.length === 0;
    return {
      effect: 'read',
      targets: places.map(({ clusterUid }) => `k8s:${clusterUid}/${namespace}/${kind}/${name}`),
      ...(one ? { environment: first, place: `${first}/${namespace}` } : {}),
      objects: 0,
      reasons: [],
    };
  },
  describe: ({ kind, namespace, name, places }) => ({
    title: `Compare ${kind} ${namespace}/${name} in ${places.length} clusters`,
    byHand: `for context in …; do kubectl --context $context -n ${namespace} get ${kind} ${name} -o yaml; done`,
  }),
  async execute(input, reader) {
    const copies = await Promise.all(input.places.map((place) => copyOf(input, place, reader)));
    return { copies: compareCopies(copies) };
  },
  render({ copies }, { kind, namespace, name }) {
    const rows = copies.map(({ place, state, replicas, images, differs }) => [
      ...[place, state, replicas, Object.values(images).join(', ')],
      differs.join('; '),
    ]);
    const same = copies.filter(({ state }) => state === 'identical').length;
    const all = same === copies.length;
    const note = `${kind} ${namespace}/${name}: ${all ? `all ${same} are identical` : `${same} of ${copies.length} are identical`}`;
    return { kind: 'table', columns: ['Where', '', 'Replicas', 'Images', 'Differs in'], rows, note };
  },
});

function placesOf(connections: readonly ConnectionView[], reader: Reader) {
  return Promise.all(
    connections.map(async ({ id, environment }) => ({
      environment,
      connection: id,
      clusterUid: await openCluster(reader, id).uid(),
    })),
  );
}
