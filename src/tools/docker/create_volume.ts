import type Dockerode from 'dockerode';
import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { openDocker, said } from './client.ts';
import { examples } from './create_volume.examples.ts';
import { type Making, makeParts, stepLabel } from './make.ts';
import { nameNew } from './name-new.ts';
import { assessThing, type DaemonInput, daemonInput, dockerName, found, placeRequest } from './place.ts';
import { inBytes } from './units.ts';

type VolumeInput = DaemonInput & { name: string };

const making: Making<VolumeInput> = {
  noun: 'volume',
  async find(docker, { name, environment }) {
    const volume = await found(docker.getVolume(name).inspect(), environment);
    if (volume === undefined) return undefined;
    const { Driver: driver, Labels } = volume;
    return {
      mark: (Labels as { [label: string]: string } | null)?.[stepLabel],
      view: { driver },
      finished: true,
    };
  },
  async make(docker, { name, environment }, Labels) {
    await said(docker.createVolume({ Name: name, Labels }), environment);
  },
  async remove(docker, { name, environment }) {
    await said(docker.getVolume(name).remove(), environment);
  },
  wanted: () => ({ driver: 'local' }),
  look: async (_docker, { name }) => ({ depends: {}, summary: `makes the volume ${name}` }),
  async use(docker, { name, environment }) {
    const usage = await usageOf(docker, name, environment);
    if (usage.users > 0) return 'is used by a container';
    return usage.bytes > 0 ? `holds ${inBytes(usage.bytes)} by now` : undefined;
  },
  rules: ({ connection, name }) => [
    { connection, method: 'POST', path: '/volumes/create' },
    { connection, method: 'DELETE', path: `/volumes/${name}` },
  ],
};

export const createVolume = defineOperation({
  ...makeParts(making),
  id: 'docker.create_volume',
  version: 1,
  summary: 'Makes a volume for what containers keep.',
  request: z.strictObject({ name: z.string().optional(), ...placeRequest }),
  input: daemonInput.extend({ name: dockerName }),
  examples,
  resolve: (request, reader) =>
    nameNew(request, reader, 'volume', async (docker, name, where) => {
      return (await found(docker.getVolume(name).inspect(), where)) !== undefined;
    }),
  assess: (input) => assessThing(input, `volume/${input.name}`, 'create', []),
  describe: ({ name, environment }) => ({
    title: `Make the volume ${name} in ${environment}`,
    byHand: `docker volume create ${name}`,
  }),
  async verify(input, reader) {
    const docker = await openDocker(reader, input.connection);
    const there = (await found(docker.getVolume(input.name).inspect(), input.environment)) !== undefined;
    const evidence = `The volume ${input.name} is ${there ? 'there' : 'not there'}.`;
    return { state: there ? 'healthy' : 'failed', evidence };
  },
  render: ({ name }) => ({ kind: 'text', text: `The volume ${name} is there.` }),
});

/** What only the engine's accounts tell: how much a volume holds, and how many containers name it. */
async function usageOf(docker: Dockerode, name: string, where: string) {
  const { Volumes } = (await said(docker.df(), where)) as { Volumes?: VolumeAccount[] | null };
  const account = Volumes?.find(({ Name }) => Name === name)?.UsageData;
  return { users: account?.RefCount ?? 0, bytes: account?.Size ?? 0 };
}

type VolumeAccount = { Name: string; UsageData?: { Size: number; RefCount: number } | null };
