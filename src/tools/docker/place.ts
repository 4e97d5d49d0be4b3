import type Dockerode from 'dockerode';
import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import type { Resolution } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { onePlace, placesFor } from '../../domain/resolve-environment.ts';
import type { Assessment, Effect } from '../../domain/risk.ts';
import { daemonId, openDocker, said } from './client.ts';

/** Which engine, in full; part of the input of every operation. */
export const daemonInput = z.strictObject({
  environment: z.string(),
  connection: z.string(),
  daemonId: z.string(),
});
export type DaemonInput = z.infer<typeof daemonInput>;

/** What Docker takes as the name of a container, network or volume. */
export const dockerName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{1,62}$/);

/** The part of a request that says where, for what has no place yet. */
export const placeRequest = { environment: z.string().optional() };

export type Unplaced = Exclude<Resolution<never>, { kind: 'input' }>;
export type Placed = { kind: 'placed'; at: DaemonInput; docker: Dockerode };

/** The engine that a request means; several are a question. */
export async function locateDaemon(word: string | undefined, reader: Reader): Promise<Placed | Unplaced> {
  const one = onePlace(reader.environments, 'docker', word);
  if (one.kind !== 'place') return one;
  const { id: connection, environment } = one.connection;
  const docker = await openDocker(reader, connection);
  const at = { environment, connection, daemonId: await daemonId(docker, environment) };
  return { kind: 'placed', at, docker };
}

/** Folders of an engine's machine that its containers may mount. */
export function mountsAt({ connection }: Pick<DaemonInput, 'connection'>, reader: Reader): readonly string[] {
  const all = reader.environments.flatMap(({ connections }) => connections);
  return all.find(({ id }) => id === connection)?.holds ?? [];
}

/** All engines, for operations that look everywhere. */
export async function everyDaemon(
  reader: Reader,
): Promise<{ kind: 'daemons'; daemons: DaemonInput[] } | Unplaced> {
  const places = placesFor(reader.environments, 'docker', undefined);
  if (places.kind !== 'places') return places;
  const daemons = await Promise.all(
    places.connections.map(async ({ id, environment }) => {
      const docker = await openDocker(reader, id);
      return { environment, connection: id, daemonId: await daemonId(docker, environment) };
    }),
  );
  return { kind: 'daemons', daemons };
}

export function assessDaemons(daemons: readonly DaemonInput[]): Assessment {
  const [first, ...others] = daemons;
  const environment = first === undefined || others.length > 0 ? {} : { environment: first.environment };
  const targets = daemons.map(({ daemonId }) => `docker:${daemonId}`);
  return { effect: 'read', targets, ...environment, objects: 0, reasons: [] };
}

/** What a write on one thing of an engine says of itself: "docker:<daemon>/volume/data". */
export function assessThing(
  { environment, daemonId }: DaemonInput,
  thing: string,
  effect: Effect,
  reasons: readonly string[],
): Assessment {
  return {
    effect,
    targets: [`docker:${daemonId}/${thing}`],
    environment,
    objects: effect === 'read' ? 0 : 1,
    reasons,
  };
}

/** Undefined when the engine knows no such thing. */
export async function found<Value>(asked: Promise<Value>, where: string): Promise<Value | undefined> {
  try {
    return await said(asked, where);
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === 'not-found') return undefined;
    throw error;
  }
}

export function question(field: string, text: string): Unplaced {
  return { kind: 'question', question: { text, field, options: [] } };
}
