import type Dockerode from 'dockerode';
import { found } from './place.ts';

/** The network of exactly this name; a beginning of an id is no name. */
export async function findNetwork(
  docker: Dockerode,
  name: string,
  where: string,
): Promise<Dockerode.NetworkInspectInfo | undefined> {
  const network = (await found(docker.getNetwork(name).inspect(), where)) as
    | Dockerode.NetworkInspectInfo
    | undefined;
  return network?.Name === name ? network : undefined;
}
