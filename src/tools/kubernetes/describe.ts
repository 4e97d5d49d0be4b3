import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { openCluster } from './client.ts';
import { examples } from './describe.examples.ts';
import { descriptionOf } from './description.ts';
import { bareNameKinds, findKind, kinds } from './kinds.ts';
import { locateObject } from './locate.ts';
import { assessRead, type PlaceInput, placeInput } from './read-place.ts';

export const describe = defineOperation({
  ...readParts,
  id: 'kubernetes.describe',
  version: 1,
  summary: 'Shows the details of one resource: state, conditions, pods and events.',
  request: z.strictObject({
    kind: z.string().optional(),
    name: z.string().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: placeInput.extend({ kind: z.string(), name: z.string() }),
  output: z.object({ text: z.string() }),
  examples,
  connections: ['kubernetes'],
  sensitive: true,
  async resolve(request, reader) {
    const kind = request.kind === undefined ? undefined : findKind(request.kind);
    if (request.kind !== undefined && kind === undefined) {
      const known = kinds.map(({ singular }) => singular).join(', ');
      return {
        kind: 'impossible',
        reason: `Reign does not know the kind "${request.kind}". It knows: ${known}.`,
      };
    }
    const sought =
      kind === undefined
        ? { kinds: bareNameKinds, noun: 'object', verb: 'see', firstKind: true }
        : { kinds: [kind], noun: kind.singular, verb: 'see' };
    const located = await locateObject(request, reader, sought);
    if (located.kind !== 'located') return located;
    const { namespace, name, kind: found } = located.object;
    const place: PlaceInput = namespace === '' ? located.place : { ...located.place, namespace };
    return { kind: 'input', input: { ...place, kind: found.singular, name } };
  },
  assess: (input) => assessRead(input, `${input.kind}/${input.name}`),
  describe: ({ kind, namespace, name, environment }) => ({
    title: `Describe ${kind} ${namespace === undefined ? '' : `${namespace}/`}${name} in ${environment}`,
    byHand: `kubectl ${namespace === undefined ? '' : `-n ${namespace} `}describe ${kind} ${name}`,
  }),
  execute: async (input, reader) => ({
    text: await descriptionOf(openCluster(reader, input.connection), input),
  }),
  render: ({ text }) => ({ kind: 'text', text }),
});
