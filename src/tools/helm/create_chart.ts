import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation, type Question } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { readParts } from '../../domain/read-operation.ts';
import { onePlace } from '../../domain/resolve-environment.ts';
import { chartFiles } from './chart-files.ts';
import { examples } from './create_chart.examples.ts';
import { findingsIn } from './lint.ts';
import { placeObjects } from './objects.ts';
import { releaseName } from './release.ts';
import { helmAlone, newFolder, withHelm } from './run-helm.ts';
import { tryObjects } from './try-objects.ts';

const input = z.strictObject({
  name: releaseName.max(40),
  image: z
    .string()
    .max(300)
    .regex(/^[A-Za-z0-9][\w./:@-]*$/),
  port: z.number().int().min(1).max(65535),
  replicas: z.number().int().min(0).max(100),
  /** Where the cluster is asked whether it would take the objects. */
  environment: z.string().optional(),
  connection: z.string().optional(),
});
type Input = z.infer<typeof input>;

export const createChart = defineOperation({
  ...readParts,
  id: 'helm.create_chart',
  version: 1,
  summary:
    'Writes a chart for a service and shows its files, checked by helm lint and by a cluster’s dry run.',
  request: z.strictObject({
    name: z.string().optional(),
    image: z.string().optional(),
    port: z.number().optional(),
    replicas: z.number().optional(),
    environment: z.string().optional(),
  }),
  input,
  output: z.object({
    files: z.array(z.object({ path: z.string(), content: z.string() })),
    findings: z.array(z.string()),
    tried: z.string().optional(),
  }),
  connections: ['kubernetes'],
  limits: { seconds: 60, memoryMb: 512 },
  examples,
  async resolve({ name, image, port = 8080, replicas = 2, environment }, reader) {
    if (name === undefined)
      return { kind: 'question', question: ask('name', 'What shall the chart be called?') };
    if (image === undefined)
      return { kind: 'question', question: ask('image', `Which image shall ${name} run?`) };
    const one = placeToTry(reader, environment);
    if (one !== undefined && one.kind !== 'place') return one;
    const { connection: place } = one ?? {};
    const where = place === undefined ? {} : { environment: place.environment, connection: place.id };
    const wanted = { name: name.trim().toLowerCase(), image: image.trim(), port, replicas, ...where };
    const parsed = input.safeParse(wanted);
    if (parsed.success) return { kind: 'input', input: parsed.data };
    const [problem] = parsed.error.issues;
    const reason = `The chart cannot have this ${String(problem?.path[0] ?? 'form')}: ${problem?.message}.`;
    return { kind: 'impossible', reason };
  },
  assess: ({ name, environment }) => ({
    effect: 'read',
    targets: [`chart:${name}`],
    ...(environment === undefined ? {} : { environment }),
    objects: 0,
    reasons: [],
  }),
  describe: ({ name, image }) => ({
    title: `Write a chart ${name} for ${image}`,
    byHand: `helm create ${name}`,
  }),
  async execute(wanted, reader) {
    const files = chartFiles(wanted);
    const folder = await newFolder(reader);
    const place = join(folder, wanted.name);
    for (const { path, content } of files) {
      await mkdir(dirname(join(place, path)), { recursive: true });
      await writeFile(join(place, path), content);
    }
    const { exitCode, stdout } = await helmAlone(reader, folder, ['lint', '--strict', place]);
    const findings = findingsIn(stdout, place);
    if (exitCode !== 0)
      throw new FaultError('internal', `The chart does not pass helm lint: ${findings.join('; ')}`);
    const tried = await tryOut(wanted, reader, place);
    return { files, findings, ...(tried === undefined ? {} : { tried }) };
  },
  render({ files, tried }, { name }) {
    const lines = files.flatMap(({ path, content }) => [
      `# ${name}/${path}`,
      ...content.trimEnd().split('\n'),
      '',
    ]);
    const cluster = tried === undefined ? '' : ` The cluster of ${tried} would take its objects.`;
    return { kind: 'lines', lines, note: `It passes helm lint.${cluster} Nothing was written anywhere.` };
  },
});

/** Where it is tried: the environment that was named, else any that is not production. */
function placeToTry({ environments }: Reader, word: string | undefined) {
  if (word !== undefined) return onePlace(environments, 'kubernetes', word);
  const safe = environments.filter(({ tier }) => tier === 'nonproduction');
  const [connection] = safe.flatMap(({ connections }) =>
    connections.filter(({ kind }) => kind === 'kubernetes'),
  );
  return connection === undefined ? undefined : { kind: 'place' as const, connection };
}

async function tryOut({ name, environment, connection }: Input, reader: Reader, place: string) {
  if (connection === undefined || environment === undefined) return undefined;
  await withHelm(reader, connection, async (helm) => {
    const namespace = 'default';
    const manifest = await helm.run(['template', name, place, '--namespace', namespace]);
    const placed = await placeObjects(helm.api, manifest, namespace);
    await tryObjects(helm, { release: name, namespace, environment }, placed);
  });
  return environment;
}

function ask(field: string, text: string): Question {
  return { text, field, options: [] };
}
