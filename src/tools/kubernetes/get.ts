import { stringify } from 'yaml';
import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { openCluster } from './client.ts';
import { examples } from './get.examples.ts';
import { kindNamed, objectPath } from './kinds.ts';
import { shownManifestOf } from './manifest.ts';
import { locateNamed, namedInput, namedRequest, wordsOfNamed } from './named-object.ts';
import { assessRead } from './read-place.ts';

export const get = defineOperation({
  ...readParts,
  id: 'kubernetes.get',
  version: 1,
  summary: 'Shows the manifest of one resource as YAML, as somebody would write it.',
  request: namedRequest,
  input: namedInput,
  output: z.object({ yaml: z.string() }),
  examples,
  connections: ['kubernetes'],
  sensitive: true,
  async resolve(request, reader) {
    const located = await locateNamed(request, reader, { verb: 'see', firstKind: true });
    return located.kind === 'located' ? { kind: 'input', input: located.at } : located;
  },
  assess: (input) => assessRead(input, `${input.kind.toLowerCase()}/${input.name}`),
  describe: (input) => ({
    title: `Show the manifest of ${wordsOfNamed(input)}`,
    byHand: `kubectl ${input.namespace === undefined ? '' : `-n ${input.namespace} `}get ${input.kind.toLowerCase()} ${input.name} -o yaml`,
  }),
  async execute({ kind, name, namespace, connection }, reader) {
    const object = await openCluster(reader, connection).get(objectPath(kindNamed(kind), name, namespace));
    return { yaml: stringify(shownManifestOf(object)) };
  },
  render: ({ yaml }) => ({ kind: 'lines', lines: yaml.trimEnd().split('\n') }),
});
