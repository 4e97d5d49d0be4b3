import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation, type Question } from '../../domain/operation.ts';
import { deliveredWorkload } from './delivered.ts';
import { imageProblem, withTag } from './image.ts';
import { locateWorkload } from './locate.ts';
import { type ReversibleChange, reversible } from './restore.ts';
import { examples } from './set_image.examples.ts';
import {
  mainContainer,
  templateOf,
  viewOf,
  type Workload,
  type WorkloadInput,
  wordsOf,
  workloadInput,
} from './workload.ts';
import { assessWorkload, writeParts } from './write-parts.ts';

type ImageInput = WorkloadInput & { container: string; image: string };

const change: ReversibleChange<ImageInput> = {
  async change(workload, input) {
    const { images } = viewOf(workload);
    if (images[input.container] === undefined) {
      throw new FaultError(
        'world-changed',
        `The ${wordsOf(input)} has no container ${input.container} any more.`,
      );
    }
    return { workload: withImage(workload, input.container, input.image), depends: { images } };
  },
  remark: (before, after, { container }) => ({
    summary: `${container}: ${before.images[container]} → ${after.images[container]}`,
    warnings: warningsOf(before.images[container], after.images[container]),
  }),
  touches: ({ images }, { container }) => ({ images: { [container]: images[container] ?? '' } }),
  putBack: async (workload, back, { container }) =>
    withImage(workload, container, (back.images as { [container: string]: string })[container] ?? ''),
};

export const setImage = defineOperation({
  ...writeParts(change, 'template'),
  id: 'kubernetes.set_image',
  version: 1,
  summary: 'Runs another image or version of a workload.',
  request: z.strictObject({
    name: z.string().optional(),
    image: z.string().optional(),
    tag: z.string().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: workloadInput.extend({ container: z.string(), image: z.string() }),
  examples,
  delivered: deliveredWorkload(change),
  undo: reversible(change),
  async resolve(request, reader) {
    const located = await locateWorkload(request, reader, 'give another image');
    if (located.kind !== 'located') return located;
    const { at, workload } = located;
    const { images } = viewOf(workload);
    const [container, asked] = chooseContainer(request.image, mainContainer(workload));
    if (container === undefined || images[container] === undefined) {
      return { kind: 'question', question: askContainer(at, images, asked, request.tag) };
    }
    const image = asked ?? (request.tag === undefined ? undefined : withTag(images[container], request.tag));
    if (image === undefined) {
      const text = `Which image or tag shall the ${wordsOf(at)} run? It runs ${images[container]}.`;
      return { kind: 'question', question: { text, field: 'image', options: [] } };
    }
    const problem = imageProblem(image);
    if (problem !== undefined) return { kind: 'impossible', reason: problem };
    return { kind: 'input', input: { ...at, container, image } };
  },
  assess: (input) => assessWorkload(input, 'update', ['runs other code']),
  describe: ({ kind, namespace, name, environment, container, image }) => ({
    title: `Run image ${image} in ${kind} ${namespace}/${name} in ${environment}`,
    byHand: `kubectl -n ${namespace} set image ${kind}/${name} ${container}=${image}`,
  }),
});

/** "worker=acme/worker:2" names its container, as in kubectl. */
function chooseContainer(
  image: string | undefined,
  main: string | undefined,
): [string | undefined, string | undefined] {
  const named = /^([a-z0-9-]+)=(.+)$/.exec(image ?? '');
  return named === null ? [main, image] : [named[1], named[2]];
}

function askContainer(
  at: WorkloadInput,
  images: { [container: string]: string },
  image: string | undefined,
  tag: string | undefined,
): Question {
  const options = Object.entries(images).flatMap(([container, present]) => {
    const wanted = image ?? (tag === undefined ? undefined : withTag(present, tag));
    if (wanted === undefined) return [];
    return [{ label: `${container} (runs ${present})`, patch: { image: `${container}=${wanted}` } }];
  });
  const containers = Object.keys(images).join(', ');
  const hint = options.length === 0 ? ' Write it as container=image.' : '';
  const text = `The ${wordsOf(at)} has the containers ${containers}. Which one is meant?${hint}`;
  return { text, field: 'image', options };
}

function withImage(workload: Workload, container: string, image: string): Workload {
  const template = templateOf(workload);
  const containers = (template.spec?.containers ?? []).map((it) =>
    it.name === container ? { ...it, image } : it,
  );
  const spec = { ...template.spec, containers };
  return { ...workload, spec: { ...workload.spec, template: { ...template, spec } } } as Workload;
}

function warningsOf(before: string | undefined, after: string | undefined): string[] {
  const warnings: string[] = [];
  if (before === after) warnings.push('It runs this image already: nothing will be replaced.');
  if (after !== undefined && /(^[^:@]+|:latest)$/.test(after.slice(after.lastIndexOf('/') + 1))) {
    warnings.push('The tag "latest" moves: what runs may differ from pod to pod.');
  }
  return warnings;
}
