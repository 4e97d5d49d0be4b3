import { FaultError } from '../../domain/fault.ts';
import { defineOperation } from '../../domain/operation.ts';
import type { RiskRaise } from '../../domain/risk.ts';
import { quoteWords } from '../../domain/shell-words.ts';
import { refusedByEngine, said } from './client.ts';
import { createContainer } from './create-container.ts';
import { followHealth } from './health.ts';
import { findImage, pullImage } from './image.ts';
import { type Making, makeParts, stepLabel } from './make.ts';
import { assessThing, found } from './place.ts';
import { isLoopback, portWords } from './ports.ts';
import { examples } from './run.examples.ts';
import { bodyOf, presentView, type RunInput, runInput, wantedView } from './run-body.ts';
import { resolveRun, runRequest } from './run-request.ts';

const making: Making<RunInput> = {
  noun: 'container',
  async find(docker, { name, environment }) {
    const info = await found(docker.getContainer(name).inspect(), environment);
    if (info === undefined || info.Name !== `/${name}`) return undefined;
    const mark = info.Config.Labels[stepLabel];
    return { mark, view: presentView(info), finished: info.State.Status !== 'created' };
  },
  async make(docker, input, labels, writer) {
    const { name, image, environment } = input;
    if ((await found(docker.getContainer(name).inspect(), environment)) === undefined) {
      if ((await findImage(docker, image, environment)) === undefined)
        await pullImage(docker, image, environment, writer.report);
      await createContainer(docker, { name, body: bodyOf(input, labels), networks: {} }, environment);
    }
    await said(docker.getContainer(name).start(), environment).catch(async (error: unknown) => {
      if (!refusedByEngine(error)) throw error;
      // What cannot start is not left behind: a port that is taken, a command that is missing.
      await docker.getContainer(name).remove({ force: true });
      throw error instanceof FaultError ? new FaultError('unhealthy', error.fault.message) : error;
    });
  },
  async remove(docker, { name, environment }) {
    await said(docker.getContainer(name).remove({ force: true }), environment);
  },
  wanted: wantedView,
  async look(docker, { name, image, environment, ports, volumes, command }) {
    const present = await findImage(docker, image, environment);
    const warnings =
      present === undefined ? [`The engine does not have ${image} yet: it is pulled first.`] : [];
    const known = await said(docker.listVolumes(), environment);
    const folders = volumes.filter(({ name }) => name.startsWith('/'));
    const fresh = volumes.filter(
      (volume) => !folders.includes(volume) && !known.Volumes?.some(({ Name }) => Name === volume.name),
    );
    if (fresh.length > 0)
      warnings.push(`New volumes are made: ${fresh.map((volume) => volume.name).join(', ')}.`);
    const open = ports.filter((port) => !isLoopback(port));
    const reasons = [
      ...open.map((port) => `publishes ${portWords(port)} beyond this machine`),
      ...folders.map(({ name, readOnly }) => `mounts ${name} of the machine${readOnly ? ' to read' : ''}`),
    ];
    const raises = reasons.map((reason): RiskRaise => ({ level: 'medium', reason }));
    const published = ports.length === 0 ? '' : `, publishes ${ports.map(portWords).join(', ')}`;
    const doing = command.length === 0 ? '' : ` with ${quoteWords(command)}`;
    const depends = { image: present?.Id ?? null };
    return { depends, summary: `starts ${name} from ${image}${doing}${published}`, warnings, raises };
  },
  use: async () => undefined,
  rules: ({ connection, name }) => [
    { connection, method: 'POST', path: '/containers/create' },
    { connection, method: 'POST', path: `/containers/${name}/start` },
    { connection, method: 'DELETE', path: `/containers/${name}` },
    { connection, method: 'POST', path: '/images/create' },
  ],
};

export const run = defineOperation({
  ...makeParts(making),
  id: 'docker.run',
  version: 1,
  summary:
    'Starts a container from an image, with limits; ports are published on loopback unless said otherwise.',
  request: runRequest,
  input: runInput,
  examples,
  limits: { seconds: 600, memoryMb: 256 },
  resolve: resolveRun,
  assess: (input) =>
    assessThing(input, `container/${input.name}`, 'create', [`runs the image ${input.image}`]),
  describe: (input) => ({
    title: `Start container ${input.name} from ${input.image} in ${input.environment}`,
    byHand: byHand(input),
  }),
  verify: (input, reader) => followHealth({ ...input, id: input.name }, reader),
  render: ({ name }) => ({ kind: 'text', text: `${name} runs.` }),
});

function byHand({ name, image, ports, command, memoryMb, cpus, processes, ...input }: RunInput): string {
  const flags = [
    ...['--detach', '--name', name, '--memory', `${memoryMb}m`, '--cpus', String(cpus)],
    ...['--pids-limit', String(processes), '--security-opt', 'no-new-privileges'],
    ...(input.restart === 'no' ? [] : ['--restart', input.restart]),
    ...(input.network === null ? [] : ['--network', input.network]),
    ...(input.health === null ? [] : ['--health-cmd', input.health]),
    ...ports.flatMap(({ address, host, container, protocol }) => [
      '--publish',
      `${address}:${host}:${container}/${protocol}`,
    ]),
    ...input.volumes.flatMap((volume) => [
      '--volume',
      `${volume.name}:${volume.path}${volume.readOnly ? ':ro' : ''}`,
    ]),
    ...input.variables.flatMap((variable) => ['--env', variable]),
  ];
  return `docker run ${quoteWords([...flags, image, ...command])}`;
}
