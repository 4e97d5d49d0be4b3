import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { openDocker, said } from './client.ts';
import { examples } from './create_network.examples.ts';
import { type Making, makeParts, stepLabel } from './make.ts';
import { nameNew } from './name-new.ts';
import { findNetwork } from './networks.ts';
import { assessThing, type DaemonInput, daemonInput, dockerName, placeRequest } from './place.ts';

type NetworkInput = DaemonInput & { name: string };

const making: Making<NetworkInput> = {
  noun: 'network',
  async find(docker, { name, environment }) {
    const network = await findNetwork(docker, name, environment);
    if (network === undefined) return undefined;
    const { Driver: driver, Internal: internal, Labels } = network;
    return { mark: Labels?.[stepLabel], view: { driver, internal: internal === true }, finished: true };
  },
  async make(docker, { name, environment }, Labels) {
    const options = { Name: name, Driver: 'bridge', CheckDuplicate: true, Labels };
    await said(docker.createNetwork(options), environment);
  },
  async remove(docker, { name, environment }) {
    await said(docker.getNetwork(name).remove(), environment);
  },
  wanted: () => ({ driver: 'bridge', internal: false }),
  look: async (_docker, { name }) => ({ depends: {}, summary: `makes the bridge network ${name}` }),
  async use(docker, { name, environment }) {
    const network = await findNetwork(docker, name, environment);
    const users = Object.values(network?.Containers ?? {}).map((container) => container.Name);
    return users.length === 0 ? undefined : `is used by ${users.sort().join(', ')}`;
  },
  rules: ({ connection, name }) => [
    { connection, method: 'POST', path: '/networks/create' },
    { connection, method: 'DELETE', path: `/networks/${name}` },
  ],
};

export const createNetwork = defineOperation({
  ...makeParts(making),
  id: 'docker.create_network',
  version: 1,
  summary: 'Makes a bridge network for containers.',
  request: z.strictObject({ name: z.string().optional(), ...placeRequest }),
  input: daemonInput.extend({ name: dockerName }),
  examples,
  resolve: (request, reader) =>
    nameNew(request, reader, 'network', async (docker, name, where) => {
      return (await findNetwork(docker, name, where)) !== undefined;
    }),
  assess: (input) => assessThing(input, `network/${input.name}`, 'create', []),
  describe: ({ name, environment }) => ({
    title: `Make the network ${name} in ${environment}`,
    byHand: `docker network create ${name}`,
  }),
  async verify(input, reader) {
    const docker = await openDocker(reader, input.connection);
    const there = (await findNetwork(docker, input.name, input.environment)) !== undefined;
    const evidence = `The network ${input.name} is ${there ? 'there' : 'not there'}.`;
    return { state: there ? 'healthy' : 'failed', evidence };
  },
  render: ({ name }) => ({ kind: 'text', text: `The network ${name} is there.` }),
});
