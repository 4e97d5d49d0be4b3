import type Dockerode from 'dockerode';
import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import type { Assessment, Effect } from '../../domain/risk.ts';
import { openDocker } from './client.ts';
import { assessThing, daemonInput, found } from './place.ts';

/** Which container, in full; part of the input of every operation on one. */
export const containerInput = daemonInput.extend({
  name: z.string(),
  /** The whole id: a container made anew with the same name is another one. */
  id: z.string(),
});
export type ContainerInput = z.infer<typeof containerInput>;

/** What of a container previews and fingerprints are made of. */
export type ContainerState = { running: boolean; startedAt: string; image: string; restartCount: number };

export type ContainerHandle = { docker: Dockerode; container: Dockerode.Container };

export async function openContainer(reader: Reader, input: ContainerInput): Promise<ContainerHandle> {
  const docker = await openDocker(reader, input.connection);
  return { docker, container: docker.getContainer(input.id) };
}

/** Undefined when the container is gone. */
export async function findState(
  handle: ContainerHandle,
  input: ContainerInput,
): Promise<Dockerode.ContainerInspectInfo | undefined> {
  return found(handle.container.inspect(), input.environment);
}

/** @throws FaultError `world-changed` when the container is gone. */
export async function readState(
  handle: ContainerHandle,
  input: ContainerInput,
): Promise<Dockerode.ContainerInspectInfo> {
  const state = await findState(handle, input);
  if (state !== undefined) return state;
  throw new FaultError('world-changed', `The container ${input.name} in ${input.environment} is gone.`);
}

export function stateOf({ State, Config, RestartCount }: Dockerode.ContainerInspectInfo): ContainerState {
  const { Running: running, StartedAt: startedAt } = State;
  return { running, startedAt, image: Config.Image, restartCount: RestartCount };
}

export function assessContainer(
  input: ContainerInput,
  effect: Effect,
  reasons: readonly string[],
): Assessment {
  return assessThing(input, `container/${input.name}`, effect, reasons);
}
