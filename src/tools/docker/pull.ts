import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson } from '../../domain/json.ts';
import { defineOperation } from '../../domain/operation.ts';
import { openDocker } from './client.ts';
import { findImage, imageProblem, imageReference, pullImage } from './image.ts';
import { assessThing, daemonInput, locateDaemon, placeRequest, question } from './place.ts';
import { examples } from './pull.examples.ts';
import { inBytes } from './units.ts';

export const pull = defineOperation({
  id: 'docker.pull',
  version: 1,
  summary: 'Fetches an image from its registry.',
  request: z.strictObject({ image: z.string().optional(), ...placeRequest }),
  input: daemonInput.extend({ image: z.string().min(1) }),
  output: z.object({ image: z.string(), id: z.string(), size: z.number(), fresh: z.boolean() }),
  effect: 'create',
  repeat: 'safe',
  previews: 'described',
  examples,
  connections: ['docker'],
  stop: { signal: 'SIGTERM', graceSeconds: 5 },
  limits: { seconds: 900, memoryMb: 256 },
  undo: {
    kind: 'irreversible',
    reason: 'What was pulled runs nowhere by itself; `docker rmi` takes it away.',
  },
  async resolve({ image = '', environment }, reader) {
    const placed = await locateDaemon(environment, reader);
    if (placed.kind !== 'placed') return placed;
    if (image.trim() === '') return question('image', 'Which image shall be pulled?');
    const reference = imageReference(image);
    if (reference === undefined) return { kind: 'impossible', reason: imageProblem(image) };
    return { kind: 'input', input: { ...placed.at, image: reference } };
  },
  assess: (input) => assessThing(input, `image/${input.image}`, 'create', ['fetches code from a registry']),
  describe: ({ image, environment }) => ({
    title: `Pull image ${image} in ${environment}`,
    byHand: `docker pull ${image}`,
  }),
  async preview({ connection, environment, image, daemonId }, reader) {
    const now = (await findImage(await openDocker(reader, connection), image, environment))?.Id ?? null;
    const moves = /@sha256:/.test(image) ? [] : ['A tag can move: what comes is what the registry has then.'];
    return {
      kind: 'described',
      before: { image: now },
      after: { reference: image },
      fingerprint: { image: now },
      summary: now === null ? `fetches ${image}` : `fetches ${image} anew; the engine has it already`,
      ...{ warnings: moves, raises: [], server: daemonId },
    };
  },
  egress: ({ connection }) => [{ connection, method: 'POST', path: '/images/create' }],
  async execute({ connection, environment, image }, writer, { approved }) {
    const docker = await openDocker(writer, connection);
    const before = (await findImage(docker, image, environment))?.Id ?? null;
    if (approved === undefined)
      throw new FaultError('refused', 'A change without an approved preview is not made.');
    if (canonicalJson(approved.fingerprint) !== canonicalJson({ image: before }))
      throw new FaultError(
        'world-changed',
        `${image} is another image than when this was approved. Ask again.`,
      );
    await pullImage(docker, image, environment, writer.report);
    const pulled = await findImage(docker, image, environment);
    if (pulled === undefined) throw new FaultError('unhealthy', `The pull ended without an image ${image}.`);
    return { image, id: pulled.Id.slice(7, 19), size: pulled.Size, fresh: pulled.Id !== before };
  },
  async landed({ connection, environment, image }, reader, { approved }) {
    const now = (await findImage(await openDocker(reader, connection), image, environment))?.Id ?? null;
    const before = (approved?.before as { image: string | null } | undefined)?.image ?? null;
    if (now === null) return 'no';
    return now === before ? 'unclear' : 'yes';
  },
  async verify({ connection, environment, image }, reader) {
    const there = await findImage(await openDocker(reader, connection), image, environment);
    if (there === undefined) return { state: 'failed', evidence: `There is no image ${image}.` };
    return { state: 'healthy', evidence: `${image} is ${there.Id.slice(7, 19)}, ${inBytes(there.Size)}.` };
  },
  render: ({ image, id, size, fresh }) => ({
    kind: 'text',
    text: `${image} is ${id}, ${inBytes(size)}${fresh ? '' : '; it was there already'}.`,
  }),
});
