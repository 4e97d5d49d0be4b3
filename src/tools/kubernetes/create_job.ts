import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation } from '../../domain/operation.ts';
import { quoteWord } from '../../domain/shell-words.ts';
import { openCluster } from './client.ts';
import { examples } from './create_job.examples.ts';
import { lastStepKey } from './guarded-write.ts';
import { imageProblem } from './image.ts';
import { collectionOf, followJob, jobLanded, jobOf, jobParts, jobPlace } from './job.ts';
import { kubeName } from './names.ts';
import { placeRead } from './read-place.ts';

const createInput = jobPlace.extend({
  image: z.string().refine((image) => imageProblem(image) === undefined),
  /** Instead of the image's own command. */
  command: z.array(z.string()),
});
type CreateInput = z.infer<typeof createInput>;

const daySeconds = 86_400;

export const createJob = defineOperation({
  ...jobParts,
  id: 'kubernetes.create_job',
  version: 1,
  summary: 'Runs an image once as a job, and waits until it has ended.',
  request: z.strictObject({
    name: z.string().optional(),
    image: z.string().optional(),
    command: z.array(z.string()).describe("Instead of the image's own command.").optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: createInput,
  effect: 'run-code',
  examples,
  async resolve(request, reader) {
    const { name, image, command = [], namespace = 'default', environment } = request;
    if (name === undefined) return ask('name', 'What shall the job be called?');
    if (image === undefined) return ask('image', 'Which image shall the job run?');
    const job = kubeName.max(63).safeParse(name.trim().toLowerCase());
    const problem = imageProblem(image.trim()) ?? (job.success ? undefined : nameProblem(name));
    if (problem !== undefined || !job.success) return { kind: 'impossible', reason: problem ?? '' };
    const placed = await placeRead({ namespace, environment }, reader);
    if (placed.kind !== 'placed') return placed;
    const place = { ...placed.place, namespace: placed.place.namespace ?? namespace, job: job.data };
    if ((await jobOf(placed.cluster, place)) !== undefined)
      return { kind: 'impossible', reason: `There is a job ${wordsOf(place)} already. Choose another name.` };
    return { kind: 'input', input: { ...place, image: image.trim(), command } };
  },
  assess: ({ clusterUid, namespace, job, environment }) => ({
    effect: 'run-code',
    targets: [`k8s:${clusterUid}/${namespace}/job/${job}`],
    environment,
    place: `${environment}/${namespace}`,
    objects: 1,
    reasons: ['runs an image'],
  }),
  describe: (input) => ({
    title: `Run ${input.image} once as the job ${wordsOf(input)}`,
    byHand: [
      `kubectl -n ${input.namespace} create job ${input.job} --image=${input.image}`,
      ...(input.command.length === 0 ? [] : ['--', ...input.command.map(quoteWord)]),
    ].join(' '),
  }),
  async preview(input, reader) {
    const cluster = openCluster(reader, input.connection);
    const existing = await jobOf(cluster, input);
    if (existing !== undefined)
      throw new FaultError('conflict', `There is a job ${wordsOf(input)} by now. Choose another name.`);
    await cluster.create(collectionOf(input), jobFor(input, 'preview'), true);
    const { image, command } = input;
    return {
      kind: 'dry-run',
      before: null,
      after: { job: `${input.namespace}/${input.job}`, image, command },
      fingerprint: { job: null },
      summary: `one job of ${image}${command.length === 0 ? '' : `: ${command.map(quoteWord).join(' ')}`}`,
      warnings: ['It runs once, without a token for the cluster, and is removed a day after its end.'],
      raises: [],
      server: input.clusterUid,
    };
  },
  egress: (input) => [{ connection: input.connection, method: 'POST', path: collectionOf(input) }],
  async execute(input, writer, { approved, idempotencyKey }) {
    if (!approved) throw new FaultError('refused', 'A change without an approved preview is not made.');
    const cluster = openCluster(writer, input.connection);
    const existing = await jobOf(cluster, input);
    if (existing === undefined)
      await cluster.create(collectionOf(input), jobFor(input, idempotencyKey), false);
    else if (existing.metadata?.annotations?.[lastStepKey] !== idempotencyKey)
      throw new FaultError(
        'world-changed',
        `Somebody made a job ${wordsOf(input)} meanwhile. Nothing was run.`,
      );
    return { job: input.job };
  },
  landed: (input, reader, context) => jobLanded(input, reader, context),
  verify: (input, reader) => followJob(input, reader),
});

function ask(field: string, text: string) {
  return { kind: 'question' as const, question: { text, field, options: [] } };
}

function nameProblem(name: string): string {
  return `"${name}" is no name of a job: a-z, 0-9 and "-", 63 at most.`;
}

function wordsOf({ namespace, job, environment }: Pick<CreateInput, 'namespace' | 'job' | 'environment'>) {
  return `${namespace}/${job} in ${environment}`;
}

/** As `kubectl create job` makes it, but run once: nobody knows whether a second try does harm. */
function jobFor({ namespace, job, image, command }: CreateInput, mark: string): object {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: job, namespace, annotations: { [lastStepKey]: mark } },
    spec: {
      backoffLimit: 0,
      ttlSecondsAfterFinished: daySeconds,
      template: {
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          containers: [{ name: job, image, ...(command.length === 0 ? {} : { command }) }],
        },
      },
    },
  };
}
