import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { openDocker, said } from './client.ts';
import { examples } from './images.examples.ts';
import { assessDaemons, daemonInput, everyDaemon } from './place.ts';
import { inBytes } from './units.ts';

const row = z.object({
  environment: z.string(),
  image: z.string(),
  id: z.string(),
  created: z.string(),
  size: z.number(),
});

export const images = defineOperation({
  ...readParts,
  id: 'docker.images',
  version: 1,
  summary: 'Lists the images that an engine has.',
  request: z.strictObject({}),
  input: z.strictObject({ daemons: z.array(daemonInput).min(1) }),
  output: z.object({ images: z.array(row) }),
  examples,
  connections: ['docker'],
  async resolve(_request, reader) {
    const every = await everyDaemon(reader);
    return every.kind === 'daemons' ? { kind: 'input', input: { daemons: every.daemons } } : every;
  },
  assess: ({ daemons }) => assessDaemons(daemons),
  describe: ({ daemons }) => ({
    title: `List images in ${daemons.map(({ environment }) => environment).join(', ')}`,
    byHand: 'docker images',
  }),
  async execute({ daemons }, reader) {
    const lists = daemons.map(async ({ connection, environment }) => {
      const docker = await openDocker(reader, connection);
      const listed = await said(docker.listImages(), environment);
      return listed.flatMap((image) => rowsOf(image, environment));
    });
    return { images: (await Promise.all(lists)).flat() };
  },
  render({ images }, { daemons }) {
    if (images.length === 0) return { kind: 'text', text: 'There are no images.' };
    const several = daemons.length > 1;
    const rows = images.map(({ environment, image, id, created, size }) => [
      ...(several ? [environment] : []),
      ...[image, id, created.slice(0, 16).replace('T', ' '), inBytes(size)],
    ]);
    const columns = [...(several ? ['Environment'] : []), 'Image', 'Id', 'Created', 'Size'];
    return { kind: 'table', columns, rows };
  },
});

type Listed = { Id: string; RepoTags?: string[] | null | undefined; Created: number; Size: number };

/** One row for each name of an image. */
function rowsOf({ Id, RepoTags, Created, Size }: Listed, environment: string) {
  const names = RepoTags?.length ? RepoTags : ['<none>'];
  const id = Id.replace(/^sha256:/, '').slice(0, 12);
  const created = new Date(Created * 1000).toISOString();
  return names.map((image) => ({ environment, image, id, created, size: Size }));
}
