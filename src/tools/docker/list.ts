import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { openDocker, said } from './client.ts';
import { examples } from './list.examples.ts';
import { assessDaemons, daemonInput, everyDaemon } from './place.ts';

const row = z.object({
  environment: z.string(),
  name: z.string(),
  image: z.string(),
  status: z.string(),
  ports: z.string(),
});

export const list = defineOperation({
  ...readParts,
  id: 'docker.list',
  version: 1,
  summary: 'Lists containers; the stopped ones too when asked.',
  request: z.strictObject({ all: z.boolean().optional() }),
  input: z.strictObject({ daemons: z.array(daemonInput).min(1), all: z.boolean() }),
  output: z.object({ containers: z.array(row) }),
  examples,
  connections: ['docker'],
  async resolve(request, reader) {
    const every = await everyDaemon(reader);
    if (every.kind !== 'daemons') return every;
    return { kind: 'input', input: { daemons: every.daemons, all: request.all ?? false } };
  },
  assess: ({ daemons }) => assessDaemons(daemons),
  describe: ({ daemons, all }) => ({
    title: `List ${all ? 'all' : 'running'} containers in ${daemons.map((it) => it.environment).join(', ')}`,
    byHand: `docker ps${all ? ' --all' : ''}`,
  }),
  async execute({ daemons, all }, reader) {
    const lists = daemons.map(async ({ connection, environment }) => {
      const docker = await openDocker(reader, connection);
      const found = await said(docker.listContainers({ all }), environment);
      return found.map((it) => rowOf(it, environment));
    });
    return { containers: (await Promise.all(lists)).flat() };
  },
  render({ containers }, { daemons, all }) {
    if (containers.length === 0)
      return { kind: 'text', text: `There are no ${all ? '' : 'running '}containers.` };
    const several = daemons.length > 1;
    const rows = containers.map(({ environment, name, image, status, ports }) => [
      ...(several ? [environment] : []),
      name,
      image,
      status,
      ports,
    ]);
    return {
      kind: 'table',
      columns: [...(several ? ['Environment'] : []), 'Name', 'Image', 'Status', 'Ports'],
      rows,
    };
  },
});

type Listed = {
  Id: string;
  Names: string[];
  Image: string;
  Status: string;
  Ports: { PublicPort?: number; PrivatePort: number; Type: string }[];
};

function rowOf({ Id, Names, Image, Status, Ports }: Listed, environment: string) {
  const ports = Ports.map(({ PublicPort, PrivatePort, Type }) =>
    PublicPort === undefined ? `${PrivatePort}/${Type}` : `${PublicPort}→${PrivatePort}/${Type}`,
  );
  const name = (Names[0] ?? Id.slice(0, 12)).replace(/^\//, '');
  return { environment, name, image: Image, status: Status, ports: [...new Set(ports)].join(', ') };
}
