import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import {
  locateNamed,
  namedInput,
  namedRequest,
  pathOfNamed,
  targetOfNamed,
  wordsOfNamed,
} from './named-object.ts';
import { examples } from './patch.examples.ts';
import {
  deliveredPatch,
  executePatch,
  patchLanded,
  patchUndo,
  previewPatch,
  verifyPatch,
} from './patch-change.ts';
import { readPatch } from './patch-text.ts';

const longestPatch = 20_000;

export const patch = defineOperation({
  id: 'kubernetes.patch',
  version: 1,
  summary: 'Changes some fields of one resource by a merge patch (JSON or YAML).',
  request: namedRequest.extend({
    patch: z.string().max(longestPatch).optional().describe('The merge patch as JSON or YAML text.'),
  }),
  input: namedInput.extend({ patch: z.record(z.string(), z.json()) }),
  output: z.object({ patched: z.string() }),
  effect: 'update',
  repeat: 'safe-with-key',
  previews: 'dry-run',
  examples,
  connections: ['kubernetes'],
  stop: { signal: 'SIGTERM', graceSeconds: 5 },
  limits: { seconds: 120, memoryMb: 256 },
  async resolve({ patch: text, ...request }, reader) {
    const located = await locateNamed(request, reader, { verb: 'patch' });
    if (located.kind !== 'located') return located;
    if (text === undefined || text.trim() === '') {
      const words = 'What shall be changed? Give the patch in one piece, e.g. {"spec":{"replicas":3}}';
      return { kind: 'question', question: { text: words, field: 'patch', options: [] } };
    }
    const read = readPatch(text, located.at.kind);
    if ('problem' in read) return { kind: 'impossible', reason: read.problem };
    return { kind: 'input', input: { ...located.at, patch: read.patch } };
  },
  assess: (input) => ({
    effect: 'update',
    targets: [targetOfNamed(input)],
    environment: input.environment,
    place: placeOf(input),
    objects: 1,
    reasons: ['changes fields by hand'],
  }),
  describe: (input) => ({
    title: `Patch ${wordsOfNamed(input)}`,
    byHand: `kubectl ${input.namespace === undefined ? '' : `-n ${input.namespace} `}patch ${input.kind.toLowerCase()} ${input.name} --type=merge -p ${quoted(JSON.stringify(input.patch))}`,
  }),
  preview: previewPatch,
  egress: (input) => [{ connection: input.connection, method: 'PATCH', path: pathOfNamed(input) }],
  execute: executePatch,
  landed: patchLanded,
  verify: verifyPatch,
  delivered: deliveredPatch,
  undo: patchUndo,
  render: ({ patched }) => ({ kind: 'text', text: `Patched the ${patched}.` }),
});

type Input = z.infer<typeof namedInput>;

function placeOf({ kind, namespace, name, environment }: Input): string {
  const within = kind === 'Namespace' ? name : namespace;
  return within === undefined ? environment : `${environment}/${within}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
