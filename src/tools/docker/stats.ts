import type Dockerode from 'dockerode';
import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { openDocker, said } from './client.ts';
import { locateContainer } from './locate.ts';
import { assessDaemons, daemonInput, everyDaemon, found } from './place.ts';
import { examples } from './stats.examples.ts';
import { inBytes } from './units.ts';
import { type Usage, usageOf } from './usage.ts';

const mostContainers = 40;

const row = z.object({
  environment: z.string(),
  name: z.string(),
  cpuPercent: z.number(),
  memory: z.number(),
  memoryLimit: z.number(),
  received: z.number(),
  sent: z.number(),
  processes: z.number(),
});

export const stats = defineOperation({
  ...readParts,
  id: 'docker.stats',
  version: 1,
  summary: 'Shows what containers use of processor and memory.',
  request: z.strictObject({ name: z.string().optional() }),
  input: z.strictObject({
    daemons: z.array(daemonInput).min(1),
    container: z.strictObject({ name: z.string(), id: z.string() }).nullable(),
  }),
  output: z.object({ containers: z.array(row), left: z.number() }),
  examples,
  connections: ['docker'],
  async resolve({ name }, reader) {
    if (name !== undefined) {
      const located = await locateContainer({ name }, reader, 'measure');
      if (located.kind !== 'input') return located;
      const { name: known, id, ...daemon } = located.input;
      return { kind: 'input', input: { daemons: [daemon], container: { name: known, id } } };
    }
    const every = await everyDaemon(reader);
    return every.kind === 'daemons'
      ? { kind: 'input', input: { daemons: every.daemons, container: null } }
      : every;
  },
  assess: ({ daemons }) => assessDaemons(daemons),
  describe: ({ daemons, container }) => ({
    title: `Show what ${container === null ? 'running containers use' : `container ${container.name} uses`} in ${daemons.map(({ environment }) => environment).join(', ')}`,
    byHand: `docker stats --no-stream${container === null ? '' : ` ${container.name}`}`,
  }),
  async execute({ daemons, container }, reader) {
    const lists = daemons.map(async ({ connection, environment }) => {
      const docker = await openDocker(reader, connection);
      const all = container === null ? await running(docker, environment) : [container];
      const measured = all.slice(0, mostContainers).map((one) => measure(docker, one, environment));
      const rows = (await Promise.all(measured)).filter((one) => one !== undefined);
      return { rows, left: Math.max(0, all.length - mostContainers) };
    });
    const done = await Promise.all(lists);
    const containers = done.flatMap(({ rows }) => rows).sort((a, b) => b.cpuPercent - a.cpuPercent);
    return { containers, left: done.reduce((sum, { left }) => sum + left, 0) };
  },
  render({ containers, left }, { daemons, container }) {
    if (containers.length === 0)
      return {
        kind: 'text',
        text: container === null ? 'No container runs.' : `${container.name} does not run.`,
      };
    const several = daemons.length > 1;
    const rows = containers.map((it) => [...(several ? [it.environment] : []), it.name, ...cells(it)]);
    const columns = [
      ...(several ? ['Environment'] : []),
      'Name',
      'CPU',
      'Memory',
      'Network in / out',
      'Processes',
    ];
    const note = left === 0 ? {} : { note: `${left} more containers were not measured.` };
    return { kind: 'table', columns, rows, ...note };
  },
});

type Named = { name: string; id: string };

async function running(docker: Dockerode, environment: string): Promise<Named[]> {
  const listed = await said(docker.listContainers(), environment);
  return listed.map(({ Id, Names }) => ({ id: Id, name: (Names[0] ?? Id.slice(0, 12)).replace(/^\//, '') }));
}

/** Undefined for one that has stopped. The engine takes two samples, a second apart. */
async function measure(docker: Dockerode, { name, id }: Named, environment: string) {
  const sample = await found(docker.getContainer(id).stats({ stream: false }), environment);
  const usage = sample === undefined ? undefined : usageOf(sample);
  return usage === undefined ? undefined : { environment, name, ...usage };
}

function cells({ cpuPercent, memory, memoryLimit, received, sent, processes }: Usage): string[] {
  return [
    `${cpuPercent.toFixed(1)} %`,
    `${inBytes(memory)} of ${inBytes(memoryLimit)}`,
    `${inBytes(received)} / ${inBytes(sent)}`,
    String(processes),
  ];
}
