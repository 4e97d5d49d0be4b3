import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson } from '../../domain/json.ts';
import { defineOperation, type Preview } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import type { RiskRaise } from '../../domain/risk.ts';
import { quoteWords } from '../../domain/shell-words.ts';
import { examples } from './build.examples.ts';
import { type BuildInput, buildInput, buildUndo, contextLabel } from './build-undo.ts';
import { openDocker, said } from './client.ts';
import { readDockerfile } from './dockerfile.ts';
import { findImage, followStream, imageProblem, imageReference } from './image.ts';
import { type Copied, copyOf, locateFolder } from './locate-folder.ts';
import { stepLabel } from './make.ts';
import { assessThing, locateDaemon, placeRequest, question } from './place.ts';
import { inBytes } from './units.ts';

const gibibyte = 1024 ** 3;

export const build = defineOperation({
  id: 'docker.build',
  version: 1,
  summary: 'Builds an image from a configured folder.',
  request: z.strictObject({ path: z.string().optional(), tag: z.string().optional(), ...placeRequest }),
  input: buildInput,
  output: z.object({ tag: z.string(), id: z.string(), size: z.number() }),
  effect: 'create',
  repeat: 'safe-with-key',
  previews: 'computed',
  examples,
  connections: ['docker', 'folder'],
  stop: { signal: 'SIGTERM', graceSeconds: 10 },
  limits: { seconds: 1200, memoryMb: 512 },
  undo: buildUndo,
  async resolve({ path = '', tag, environment }, reader) {
    const placed = await locateDaemon(environment, reader);
    if (placed.kind !== 'placed') return placed;
    if (path.trim() === '') return question('path', 'Which folder holds the Dockerfile?');
    const { at, docker } = placed;
    const located = await locateFolder(path, at.environment, reader, hasDockerfile, 'Dockerfile');
    if (located.kind !== 'folder') return located;
    const { folder, below, file: dockerfile = 'Dockerfile', listing } = located;
    const name = (below.split('/').at(-1) || folder.split('/').at(-1) || 'image').toLowerCase();
    const reference = imageReference(tag ?? name);
    if (reference === undefined || reference.includes('@'))
      return { kind: 'impossible', reason: imageProblem(tag ?? name) };
    const { problem } = readDockerfile(await readFile(join(listing.into, dockerfile), 'utf8'));
    if (problem !== undefined) return { kind: 'impossible', reason: `${dockerfile}: ${problem}` };
    const replaces = (await findImage(docker, reference, at.environment))?.Id ?? null;
    return { kind: 'input', input: { ...at, folder, below, dockerfile, tag: reference, replaces } };
  },
  assess: (input) => assessThing(input, `image/${input.tag}`, 'create', ['builds an image']),
  describe: ({ folder, below, dockerfile, tag, environment }) => ({
    title: `Build ${tag} from ${folder}${below === '' ? '' : `/${below}`} in ${environment}`,
    byHand: `docker build ${quoteWords(['--tag', tag, '--file', join(below, dockerfile), below === '' ? '.' : below])}`,
  }),
  async preview(input, reader): Promise<Preview> {
    const { tag, environment, dockerfile } = input;
    const docker = await openDocker(reader, input.connection);
    const context = await copyOf(input, reader);
    const { from, runs, fetches } = readDockerfile(await readText(context, dockerfile));
    const missing: string[] = [];
    for (const image of from) {
      const reference = imageReference(image);
      if (reference !== undefined && !(await findImage(docker, reference, environment))) missing.push(image);
    }
    const size = context.files.reduce((sum, { size }) => sum + size, 0);
    const before = (await findImage(docker, tag, environment))?.Id ?? null;
    const raises: RiskRaise[] =
      runs === 0
        ? []
        : [{ level: 'medium', reason: `runs ${runs} command(s) of its Dockerfile at the engine` }];
    return {
      kind: 'computed',
      before: { image: before },
      after: { tag, from, commands: runs, files: context.files.length, bytes: size, context: context.digest },
      fingerprint: { context: context.digest, image: before },
      summary: `builds ${tag} of ${context.files.length} files (${inBytes(size)})${before === null ? '' : '; the tag moves'}`,
      warnings: [
        ...(missing.length === 0 ? [] : [`Pulled first: ${missing.join(', ')}.`]),
        ...(fetches.length === 0 ? [] : [`Fetches ${fetches.join(', ')}.`]),
      ],
      ...{ raises, server: input.daemonId },
    };
  },
  egress: ({ connection, tag, replaces }) => [
    { connection, method: 'POST', path: '/build' },
    { connection, method: 'DELETE', path: `/images/${tag}` },
    ...(replaces === null ? [] : [{ connection, method: 'POST', path: `/images/${replaces}/tag` }]),
  ],
  async execute(input, writer, { approved, idempotencyKey }) {
    const docker = await openDocker(writer, input.connection);
    const before = await findImage(docker, input.tag, input.environment);
    if (before?.Config.Labels?.[stepLabel] === idempotencyKey) return outputOf(input.tag, before);
    const context = await copyOf(input, writer);
    refuseChanged(input, approved, { context: context.digest, image: before?.Id ?? null });
    const labels = { [stepLabel]: idempotencyKey, [contextLabel]: context.digest };
    const options = {
      t: input.tag,
      dockerfile: input.dockerfile,
      labels,
      rm: true,
      forcerm: true,
      memory: 2 * gibibyte,
    };
    const files = context.files.map(({ path }) => path);
    const stream = await said(
      docker.buildImage({ context: context.into, src: files }, options as object),
      input.environment,
    );
    await followBuild(docker, stream, input, writer);
    const built = await findImage(docker, input.tag, input.environment);
    if (built === undefined)
      throw new FaultError('unhealthy', `The build ended without an image ${input.tag}.`);
    return outputOf(input.tag, built);
  },
  async landed(input, reader, { approved, idempotencyKey }) {
    const docker = await openDocker(reader, input.connection);
    const now = await findImage(docker, input.tag, input.environment);
    if (now?.Config.Labels?.[stepLabel] === idempotencyKey) return 'yes';
    const before = (approved?.before as { image: string | null } | undefined)?.image;
    return (now?.Id ?? null) === before ? 'no' : 'unclear';
  },
  async verify(input, reader, { idempotencyKey }) {
    const image = await findImage(await openDocker(reader, input.connection), input.tag, input.environment);
    if (image?.Config.Labels?.[stepLabel] === idempotencyKey)
      return {
        state: 'healthy',
        evidence: `${input.tag} is ${image.Id.slice(7, 19)}, ${inBytes(image.Size)}.`,
      };
    const evidence =
      image === undefined ? `There is no image ${input.tag}.` : `${input.tag} is another image by now.`;
    return { state: 'failed', evidence };
  },
  render: ({ tag, id, size }) => ({ kind: 'text', text: `${tag} is built: ${id}, ${inBytes(size)}.` }),
});

function hasDockerfile({ files }: { files: readonly { path: string }[] }, file = 'Dockerfile'): boolean {
  return files.some(({ path }) => path === file);
}

async function readText({ into }: Copied, file: string): Promise<string> {
  return readFile(join(into, file), 'utf8').catch(() => {
    throw new FaultError('not-found', `There is no ${file} in the folder (any more).`);
  });
}

/** Passes on what the builder says; what it said last is told with a failure. */
async function followBuild(
  docker: Parameters<typeof followStream>[0],
  stream: NodeJS.ReadableStream,
  { tag }: BuildInput,
  reader: Reader,
): Promise<void> {
  const last: string[] = [];
  try {
    await followStream(docker, stream, `The build of ${tag} failed`, ({ stream: text }) => {
      for (const line of (text ?? '').split('\n').filter((part) => part.trim() !== '')) {
        last.push(line);
        reader.report(line);
      }
    });
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    const { code, message } = error.fault;
    throw new FaultError(code, [message, ...last.slice(-10)].join('\n'), { cause: error });
  }
}

function refuseChanged(
  { tag }: BuildInput,
  approved: Preview | undefined,
  now: { context: string; image: string | null },
): void {
  if (approved === undefined)
    throw new FaultError('refused', 'A change without an approved preview is not made.');
  if (canonicalJson(approved.fingerprint) === canonicalJson(now)) return;
  const { context } = approved.fingerprint as { context: string };
  const what = context === now.context ? `${tag} is another image` : 'The folder has other content';
  throw new FaultError('world-changed', `${what} than when this was approved. Nothing was built; ask again.`);
}

function outputOf(tag: string, { Id, Size }: { Id: string; Size: number }) {
  return { tag, id: Id.slice(7, 19), size: Size };
}
