import type Dockerode from 'dockerode';
import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { assessContainer, containerInput, openContainer, readState } from './container.ts';
import { examples } from './inspect.examples.ts';
import { locateContainer } from './locate.ts';
import { inBytes } from './units.ts';

export const inspect = defineOperation({
  ...readParts,
  id: 'docker.inspect',
  version: 1,
  summary: 'Shows how a container is set up and how it does; of its variables only the names.',
  request: z.strictObject({ name: z.string().optional() }),
  input: containerInput,
  output: z.object({ facts: z.array(z.tuple([z.string(), z.string()])) }),
  examples,
  connections: ['docker'],
  resolve: (request, reader) => locateContainer(request, reader, 'look at'),
  assess: (input) => assessContainer(input, 'read', []),
  describe: ({ name, environment }) => ({
    title: `Show container ${name} in ${environment}`,
    byHand: `docker inspect ${name}`,
  }),
  async execute(input, reader) {
    return { facts: factsOf(await readState(await openContainer(reader, input), input)) };
  },
  render: ({ facts }) => ({ kind: 'table', columns: ['What', 'Value'], rows: facts }),
});

/** Values of variables and the arguments of commands may be secret: neither is shown. */
export function factsOf(info: Dockerode.ContainerInspectInfo): [string, string][] {
  const { State, Config, HostConfig, NetworkSettings, Mounts, RestartCount } = info;
  const ports = Object.entries(NetworkSettings.Ports ?? {}).map(([port, bindings]) => {
    const published = (bindings ?? []).map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}`);
    return published.length === 0 ? port : `${published.join(', ')}→${port}`;
  });
  const mounts = Mounts.map(({ Type, Name, Source, Destination, RW }) => {
    return `${Type === 'volume' ? (Name ?? '') : Source}:${Destination}${RW ? '' : ' (read-only)'}`;
  });
  const facts: [string, string][] = [
    ['Image', `${Config.Image} (${info.Image.replace('sha256:', '').slice(0, 12)})`],
    [
      'State',
      State.Running ? `runs since ${State.StartedAt}` : `${State.Status}, exit code ${State.ExitCode}`,
    ],
    ['Health', State.Health?.Status ?? ''],
    ['Killed for memory', State.OOMKilled ? 'yes' : ''],
    ['Restarts', `${RestartCount}, policy ${HostConfig.RestartPolicy?.Name || 'no'}`],
    ['Program', [Config.Entrypoint ?? []].flat().concat(Config.Cmd ?? [])[0] ?? ''],
    ['User', Config.User],
    ['Networks', Object.keys(NetworkSettings.Networks).sort().join(', ')],
    ['Ports', ports.join(', ')],
    ['Mounts', mounts.sort().join(', ')],
    ['Memory', HostConfig.Memory ? inBytes(HostConfig.Memory) : 'no limit'],
    ['CPUs', HostConfig.NanoCpus ? String(HostConfig.NanoCpus / 1e9) : 'no limit'],
    ['Privileged', HostConfig.Privileged ? 'yes' : ''],
    ['Variables', Config.Env.map((variable) => variable.split('=')[0]).join(', ')],
    ['Labels', Object.keys(Config.Labels).sort().join(', ')],
    ['Id', info.Id],
  ];
  return facts.filter(([, value]) => value !== '');
}
