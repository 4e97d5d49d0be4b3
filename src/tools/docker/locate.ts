import type { ConnectionView } from '../../domain/environment.ts';
import { nearNames } from '../../domain/near-names.ts';
import type { QuestionOption, Resolution } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { placesFor } from '../../domain/resolve-environment.ts';
import { daemonId, openDocker, said } from './client.ts';
import type { ContainerInput } from './container.ts';

type Found = { connection: ConnectionView; name: string; id: string; image: string; state: string };

/**
 * The one container that a request means, by its exact name or id. Where several Docker connections have it, a name
 * may be led by the environment or the connection ("staging/web"); near names are a question.
 */
export async function locateContainer(
  request: { name?: string | undefined },
  reader: Reader,
  verb: string,
): Promise<Resolution<ContainerInput>> {
  const places = placesFor(reader.environments, 'docker', undefined);
  if (places.kind !== 'places') return places;
  const { name, connections } = splitName(request.name?.trim() ?? '', places.connections);
  const all = (await Promise.all(connections.map((connection) => containersOf(reader, connection)))).flat();
  if (name === '') return ask(`Which container do you want to ${verb}?`, all, places.connections);
  const found = all.filter((it) => it.name === name || isId(name, it.id));
  const [only, ...others] = found;
  if (only !== undefined && others.length > 0) {
    return ask(`Several containers are called ${name}. Which one?`, found, places.connections);
  }
  if (only !== undefined) return inputOf(reader, only);
  const names = all.map((it) => it.name);
  const near = nearNames(name, names).flatMap((word) => all.filter((it) => it.name === word));
  if (near.length > 0)
    return ask(`There is no container "${name}". Did you mean this?`, near, places.connections);
  const known = names.length === 0 ? 'There are none.' : `There are: ${names.slice(0, 15).join(', ')}.`;
  return { kind: 'impossible', reason: `There is no container "${name}". ${known}` };
}

function splitName(text: string, connections: readonly ConnectionView[]) {
  const slash = text.lastIndexOf('/');
  const lead = text.slice(0, Math.max(0, slash));
  const led = connections.filter(
    ({ id, environment }) => lead !== '' && (id === lead || environment === lead),
  );
  if (led.length > 0) return { name: text.slice(slash + 1), connections: led };
  return { name: text.replace(/^\//, ''), connections };
}

async function containersOf(reader: Reader, connection: ConnectionView): Promise<Found[]> {
  const docker = await openDocker(reader, connection.id);
  const containers = await said(docker.listContainers({ all: true }), connection.environment);
  return containers.map(({ Id, Names, Image, State }) => ({
    connection,
    name: (Names[0] ?? Id.slice(0, 12)).replace(/^\//, ''),
    id: Id,
    image: Image,
    state: State,
  }));
}

function isId(text: string, id: string): boolean {
  return /^[0-9a-f]{12,64}$/.test(text) && id.startsWith(text);
}

async function inputOf(reader: Reader, { connection, name, id }: Found): Promise<Resolution<ContainerInput>> {
  const docker = await openDocker(reader, connection.id);
  const daemon = await daemonId(docker, connection.environment);
  const { environment } = connection;
  return { kind: 'input', input: { environment, connection: connection.id, daemonId: daemon, name, id } };
}

function ask(
  text: string,
  found: readonly Found[],
  connections: readonly ConnectionView[],
): Resolution<ContainerInput> {
  if (found.length === 0) return { kind: 'impossible', reason: 'There are no containers.' };
  const options = found.slice(0, 10).map((it): QuestionOption => {
    const name = connections.length > 1 ? `${it.connection.id}/${it.name}` : it.name;
    return { label: `${it.name} (${it.image}, ${it.state}, ${it.connection.environment})`, patch: { name } };
  });
  return { kind: 'question', question: { text, field: 'name', options } };
}
