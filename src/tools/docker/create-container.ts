import type Dockerode from 'dockerode';
import type { Json } from '../../domain/json.ts';
import { said } from './client.ts';

type Fields = { [field: string]: Json };

/** How a container takes part in a network. */
export type Endpoint = { Aliases?: string[]; IPAMConfig?: Fields };

/** A container as it is created: what the engine is sent, and the networks besides the first. */
export type ContainerPlan = {
  name: string;
  body: Body;
  networks: { [name: string]: Endpoint };
};

/** The part of what the engine takes that stays within the container. */
export type Body = {
  Image: string;
  Labels?: { [label: string]: string };
  Env?: string[];
  HostConfig: Fields;
  NetworkingConfig?: { EndpointsConfig: { [name: string]: Endpoint } };
} & { [field: string]: Json | undefined };

/** Creates a container and connects it to its other networks; it does not run yet. */
export async function createContainer(
  docker: Dockerode,
  { name, body, networks }: ContainerPlan,
  where: string,
): Promise<Dockerode.Container> {
  // Otherwise the client would write the whole of it into the address, too.
  const options = { _query: { name }, _body: body } as Dockerode.ContainerCreateOptions;
  await said(docker.createContainer(options), where);
  for (const [network, endpoint] of Object.entries(networks)) {
    const connection = { Container: name, EndpointConfig: endpoint as Dockerode.EndpointSettings };
    await said(docker.getNetwork(network).connect(connection), where);
  }
  return docker.getContainer(name);
}
