import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { openCluster } from './client.ts';
import { examples } from './describe.examples.ts';
import { descriptionOf } from './description.ts';
import { locateNamed, namedRequest } from './named-object.ts';
import { assessRead, placeInput } from './read-place.ts';

export const describe = defineOperation({
  ...readParts,
  id: 'kubernetes.describe',
  version: 1,
  summary: 'Shows the details of one resource: state, conditions, pods and events.',
  request: namedRequest,
  input: placeInput.extend({ kind: z.string(), name: z.string() }),
  output: z.object({ text: z.string() }),
  examples,
  connections: ['kubernetes'],
  sensitive: true,
  async resolve(request, reader) {
    const located = await locateNamed(request, reader, { verb: 'see', firstKind: true });
    if (located.kind !== 'located') return located;
    return { kind: 'input', input: { ...located.at, kind: located.at.kind.toLowerCase() } };
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
