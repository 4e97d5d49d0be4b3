import type Dockerode from 'dockerode';
import { z } from 'zod';
import type { Resolution } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { said } from './client.ts';
import { findImage, imageProblem, imageReference } from './image.ts';
import { nameProblem } from './name-new.ts';
import { findNetwork } from './networks.ts';
import { type DaemonInput, found, locateDaemon, mountsAt, placeRequest, question } from './place.ts';
import { type Port, portWords, readPorts } from './ports.ts';
import type { RunInput } from './run-body.ts';
import { readMemory, readVolumes, variableProblem } from './run-words.ts';

export const runRequest = z.strictObject({
  image: z.string().optional(),
  name: z.string().optional(),
  port: z.string().describe('8080:80; on loopback unless an address is said; several with commas').optional(),
  command: z.array(z.string()).describe("Instead of the image's own command.").optional(),
  variables: z.array(z.string()).describe('NAME=value; no secrets').optional(),
  memory: z.string().describe('512m, 2g').optional(),
  cpus: z.number().optional(),
  restart: z.enum(['no', 'on-failure', 'unless-stopped', 'always']).optional(),
  health: z
    .string()
    .describe('A line for the shell of the container that ends with 0 when it is healthy.')
    .optional(),
  network: z.string().optional(),
  volumes: z
    .array(z.string())
    .describe('name:/path or name:/path:ro; folders of the machine only where they are listed')
    .optional(),
  ...placeRequest,
});
type RunRequest = z.infer<typeof runRequest>;

const usual = { memoryMb: 512, cpus: 1, processes: 256, restart: 'no' } as const;

/** Where a container shall run, and all that it is given. */
export async function resolveRun(request: RunRequest, reader: Reader): Promise<Resolution<RunInput>> {
  const asked = request.image?.trim() ?? '';
  if (asked === '') return question('image', 'Which image shall the container run?');
  const image = imageReference(asked);
  if (image === undefined) return { kind: 'impossible', reason: imageProblem(asked) };
  const placed = await locateDaemon(request.environment, reader);
  if (placed.kind !== 'placed') return placed;
  const { at, docker } = placed;
  const read = readWords(request, mountsAt(at, reader));
  if (typeof read === 'string') return { kind: 'impossible', reason: read };
  const about = await findImage(docker, image, at.environment);
  const ports = readPorts(request.port ?? '', onlyExposed(about));
  if (typeof ports === 'string') return { kind: 'impossible', reason: ports };
  const listed = await said(docker.listContainers({ all: true }), at.environment);
  const names = new Set(listed.flatMap(({ Names }) => Names.map((name) => name.replace(/^\//, ''))));
  const name = request.name?.trim() || freeName(image, names);
  const network = request.network ?? null;
  const problem =
    nameProblem(name, 'container') ??
    (names.has(name) ? `There is a container ${name} in ${at.environment} already.` : undefined) ??
    portTaken(ports, listed) ??
    (await networkMissing(docker, network, at));
  if (problem !== undefined) return { kind: 'impossible', reason: problem };
  const { command = [], variables = [], health = null } = request;
  return {
    kind: 'input',
    input: { ...at, name, image, ports, network, command, variables, health, ...read },
  };
}

/** What is read of words alone; a text says what is wrong with them. */
function readWords(request: RunRequest, listed: readonly string[]) {
  const { memory, cpus = usual.cpus, restart = usual.restart, volumes = [], variables = [] } = request;
  const memoryMb = memory === undefined ? usual.memoryMb : readMemory(memory);
  if (memoryMb === undefined) return `"${memory}" is no amount of memory: write 512m or 2g, 6m at least.`;
  if (!(cpus >= 0.01 && cpus <= 1024)) return `${cpus} is no number of processors.`;
  const mounts = readVolumes(volumes, listed);
  if (typeof mounts === 'string') return mounts;
  const problem = variableProblem(variables);
  return problem ?? { memoryMb, cpus, restart, processes: usual.processes, volumes: mounts };
}

function onlyExposed(image: Dockerode.ImageInspectInfo | undefined): number | undefined {
  const [first, ...others] = Object.keys(image?.Config.ExposedPorts ?? {});
  return first === undefined || others.length > 0 ? undefined : Number.parseInt(first, 10);
}

/** The last part of the image's name, with a number where that is taken. */
function freeName(image: string, taken: ReadonlySet<string>): string {
  const base = image.slice(image.lastIndexOf('/') + 1).replace(/[:@].*$/, '');
  const names = [base, ...Array.from({ length: 50 }, (_, index) => `${base}-${index + 2}`)];
  return names.find((name) => name.length > 1 && !taken.has(name)) ?? `${base}-container`;
}

function portTaken(ports: readonly Port[], listed: readonly Dockerode.ContainerInfo[]): string | undefined {
  for (const port of ports) {
    const other = listed.find(({ Ports }) =>
      Ports.some((it) => it.PublicPort === port.host && it.Type === port.protocol),
    );
    if (other === undefined) continue;
    const name = (other.Names[0] ?? '').replace(/^\//, '');
    return `The port ${portWords(port)} is taken: ${name} publishes ${port.host} already. Choose another.`;
  }
  return undefined;
}

async function networkMissing(docker: Dockerode, network: string | null, { environment }: DaemonInput) {
  if (network === null) return undefined;
  if (network === 'host' || network.includes(':'))
    return 'A container is not given the network of the host or of another.';
  if ((await findNetwork(docker, network, environment)) !== undefined) return undefined;
  const all = await found(docker.listNetworks(), environment);
  return `There is no network ${network}. There are: ${(all ?? []).map(({ Name }) => Name).join(', ')}.`;
}
