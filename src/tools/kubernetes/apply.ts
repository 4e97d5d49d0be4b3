import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { examples } from './apply.examples.ts';
import { applyLanded, executeApply, previewApply, refuseConflicts } from './apply-change.ts';
import { type ApplyInput, applyInput, lookAll } from './apply-objects.ts';
import { askForce, placeObjects } from './apply-place.ts';
import { applyUndo } from './apply-undo.ts';
import { settle, verifyApply, verifyEach } from './apply-verify.ts';
import { openCluster } from './client.ts';
import { changeOf, comesByFiles } from './delivered.ts';
import { readManifest, titleOf } from './manifest-text.ts';
import { pathOfNamed, targetOfNamed } from './named-object.ts';

const longestManifest = 200_000;

export const apply = defineOperation({
  id: 'kubernetes.apply',
  version: 1,
  summary:
    'Applies a manifest (YAML) of up to 20 objects, server-side: makes what is missing, changes the rest.',
  request: z.strictObject({
    manifest: z.string().max(longestManifest).optional().describe('The YAML text, whole.'),
    namespace: z.string().optional(),
    environment: z.string().optional(),
    force: z.boolean().optional(),
  }),
  input: applyInput,
  output: z.object({ applied: z.array(z.string()) }),
  effect: 'update',
  repeat: 'safe-with-key',
  previews: 'dry-run',
  examples,
  connections: ['kubernetes'],
  stop: { signal: 'SIGTERM', graceSeconds: 5 },
  limits: { seconds: 300, memoryMb: 256, lookSeconds: 40 },
  async resolve({ manifest, force = false, ...request }, reader) {
    if (manifest === undefined || manifest.trim() === '') {
      const text = 'What shall be applied? Paste the manifest (YAML).';
      return { kind: 'question', question: { text, field: 'manifest', options: [] } };
    }
    const read = readManifest(manifest);
    if (read.kind === 'problem') return { kind: 'impossible', reason: read.reason };
    const placed = await placeObjects(read.objects, request, reader);
    if (placed.kind !== 'placed') return placed;
    // Whoever delivers files owns every field: taking them over is what the file is for.
    const owns = force || comesByFiles(placed.cluster);
    const input = { ...placed.place, objects: placed.objects, force: owns };
    return (owns ? undefined : await askForce(placed.cluster, input)) ?? { kind: 'input', input };
  },
  assess: (input) => ({
    effect: 'update',
    targets: input.objects.map((object) => targetOfNamed({ ...object, clusterUid: input.clusterUid })),
    environment: input.environment,
    place: placeOf(input),
    objects: input.objects.length,
    reasons: [
      input.objects.length === 1 ? 'applies an object' : `applies ${input.objects.length} objects`,
      ...(input.force ? ['may take over fields that others own'] : []),
    ],
  }),
  describe({ objects, environment, force }) {
    const titles = objects.map(titleOf);
    const rest = titles.length > 3 ? ` and ${titles.length - 3} more` : '';
    return {
      title: `Apply ${titles.slice(0, 3).join(', ')}${rest} in ${environment}`,
      byHand: `kubectl apply --server-side --field-manager=reign${force ? ' --force-conflicts' : ''} -f manifest.yaml`,
    };
  },
  preview: previewApply,
  egress: ({ connection, objects }) =>
    objects.flatMap((object) =>
      ['PATCH', 'DELETE'].map((method) => ({ connection, method, path: pathOfNamed(object) })),
    ),
  execute: executeApply,
  landed: applyLanded,
  verify: verifyApply,
  delivered: {
    async changes(input, reader) {
      const looked = await lookAll(openCluster(reader, input.connection), input);
      refuseConflicts(looked);
      return looked.flatMap(({ object, live, answer }) =>
        changeOf(object, live, live === undefined ? object.body : answer),
      );
    },
    verify: (input, reader) =>
      verifyEach(input, (object) => settle(openCluster(reader, input.connection), input, object)),
  },
  undo: applyUndo,
  render: ({ applied }) => ({ kind: 'text', text: `Applied: ${applied.join(', ')}.` }),
});

/** The one namespace that all of it lies in, else the environment. */
function placeOf({ environment, objects }: ApplyInput): string {
  const places = objects.map(({ kind, namespace, name }) => (kind === 'Namespace' ? name : namespace));
  const [first] = places;
  const same = first !== undefined && places.every((place) => place === first);
  return same ? `${environment}/${first}` : environment;
}
