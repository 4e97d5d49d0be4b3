import type Dockerode from 'dockerode';
import { z } from 'zod';
import type { Json } from '../../domain/json.ts';
import type { Body } from './create-container.ts';
import { daemonInput, dockerName } from './place.ts';
import { portBindings } from './ports.ts';

const mebibyte = 1024 * 1024;

const port = z.strictObject({
  address: z.string(),
  host: z.number().int().min(1).max(65_535),
  container: z.number().int().min(1).max(65_535),
  protocol: z.enum(['tcp', 'udp']),
});

/** A folder of the engine's machine; the broker passes only those that are listed. */
const hostFolder = z.string().regex(/^\/[^:,\s]+$/);

export const runInput = daemonInput.extend({
  name: dockerName,
  image: z.string().min(1),
  ports: z.array(port),
  command: z.array(z.string()),
  variables: z.array(z.string().regex(/^[A-Za-z_]\w*=/)),
  memoryMb: z.number().int().min(6),
  cpus: z.number().min(0.01),
  processes: z.number().int().min(1),
  restart: z.enum(['no', 'on-failure', 'unless-stopped', 'always']),
  /** The health check, as a line for the container's shell; null for what the image says. */
  health: z.string().nullable(),
  network: dockerName.nullable(),
  volumes: z.array(
    z.strictObject({
      name: dockerName.or(hostFolder),
      path: z.string().startsWith('/'),
      readOnly: z.boolean(),
    }),
  ),
});
export type RunInput = z.infer<typeof runInput>;

/** What the engine is sent. No namespace, folder or device of the host, and no privilege that grows. */
export function bodyOf(input: RunInput, labels: { [name: string]: string }): Body {
  const { image, ports, command, variables, health, network, volumes } = input;
  const seconds = 1_000_000_000;
  const check = { Interval: 5 * seconds, Timeout: 5 * seconds, StartPeriod: 5 * seconds, Retries: 3 };
  return {
    Image: image,
    Labels: labels,
    Env: variables,
    ...(command.length === 0 ? {} : { Cmd: command }),
    ...(health === null ? {} : { Healthcheck: { Test: ['CMD-SHELL', health], ...check } }),
    ExposedPorts: Object.fromEntries(Object.keys(portBindings(ports)).map((key) => [key, {}])),
    HostConfig: {
      Memory: input.memoryMb * mebibyte,
      NanoCpus: Math.round(input.cpus * 1e9),
      PidsLimit: input.processes,
      RestartPolicy: { Name: input.restart },
      PortBindings: portBindings(ports),
      Binds: volumes.map(({ name, path, readOnly }) => `${name}:${path}${readOnly ? ':ro' : ''}`),
      NetworkMode: network ?? 'bridge',
      SecurityOpt: ['no-new-privileges'],
    },
  };
}

type Fields = { [field: string]: Json };

/** What previews show, and what undo compares: of what shall be … */
export function wantedView(input: RunInput): Fields {
  const { HostConfig, Image } = bodyOf(input, {});
  return view(Image, HostConfig, [input.network ?? 'bridge']);
}

/** … and of what is. */
export function presentView({ Config, HostConfig, NetworkSettings }: Dockerode.ContainerInspectInfo): Fields {
  return view(Config.Image, HostConfig as unknown as Fields, Object.keys(NetworkSettings.Networks));
}

function view(image: string, host: Fields, networks: readonly string[]): Fields {
  const { Memory, NanoCpus, PidsLimit, RestartPolicy, PortBindings, Binds } = host;
  return {
    image,
    networks: [...networks].sort(),
    memoryMb: Number(Memory ?? 0) / mebibyte,
    cpus: Number(NanoCpus ?? 0) / 1e9,
    processes: PidsLimit ?? 0,
    restart: (RestartPolicy as { Name?: string } | undefined)?.Name ?? 'no',
    ports: PortBindings ?? {},
    volumes: Binds ?? [],
  };
}
