import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, type Json, sha256 } from '../../domain/json.ts';
import type { Compose } from './compose-file.ts';
import { bodyOfService, labelsOf } from './compose-service.ts';
import type { ContainerPlan } from './create-container.ts';

/** Labels by which Compose, and everything that looks at its projects, knows them. */
export const composeLabels = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  network: 'com.docker.compose.network',
  volume: 'com.docker.compose.volume',
  hash: 'com.docker.compose.config-hash',
} as const;

export type WantedService = {
  service: string;
  plan: ContainerPlan;
  /** Changes with anything that the container is made of. */
  hash: string;
  /** Services that start before; `true` where they must be healthy. */
  after: { [service: string]: boolean };
};
type Labels = { [label: string]: string };
export type WantedNetwork = { name: string; external: boolean; internal: boolean; labels: Labels };
export type WantedVolume = { name: string; external: boolean; labels: Labels };

export type Project = {
  name: string;
  /** In the order in which they start. */
  services: WantedService[];
  networks: WantedNetwork[];
  volumes: WantedVolume[];
};

/** What a compose file asks for, as the engine is told. @throws FaultError `bad-request` for what does not fit together */
export function projectOf(compose: Compose, file: string, mounts: readonly string[] = []): Project {
  const { project } = compose;
  const own = { [composeLabels.project]: project };
  const active = Object.entries(compose.services).filter(([, { profiles }]) => (profiles ?? []).length === 0);
  const networks = new Map<string, WantedNetwork>();
  const volumes = new Map<string, WantedVolume>();
  const networkNamed = (key: string) => {
    const known = compose.networks?.[key];
    if (known === undefined && key !== 'default') throw bad(`There is no network ${key} in the file.`);
    const { name, external = false, internal = false, labels } = known ?? {};
    const full = name ?? (external ? key : `${project}_${key}`);
    networks.set(full, {
      name: full,
      external,
      internal,
      labels: { ...labelsOf(labels), ...own, [composeLabels.network]: key },
    });
    return full;
  };
  const volumeNamed = (key: string) => {
    const known = compose.volumes?.[key];
    if (known === undefined && !(key in (compose.volumes ?? {})))
      throw bad(`There is no volume ${key} in the file.`);
    const { name, external = false, labels } = known ?? {};
    const full = name ?? (external ? key : `${project}_${key}`);
    volumes.set(full, {
      name: full,
      external,
      labels: { ...labelsOf(labels), ...own, [composeLabels.volume]: key },
    });
    return full;
  };
  const services = active.map(([service, said]): WantedService => {
    const made = bodyOfService(service, said, { networkNamed, volumeNamed, mounts });
    const hash = sha256(canonicalJson([made.body, made.networks] as unknown as Json));
    const labels = {
      ...made.body.Labels,
      ...own,
      [composeLabels.service]: service,
      [composeLabels.hash]: hash,
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
      'com.docker.compose.project.config_files': file,
    };
    const name = said.container_name ?? `${project}-${service}-1`;
    const { networks } = made;
    return {
      service,
      hash,
      after: afterOf(said.depends_on),
      plan: { name, networks, body: { ...made.body, Labels: labels } },
    };
  });
  if (services.length === 0) throw bad('The file has no service without a profile.');
  return {
    name: project,
    services: inOrder(services),
    networks: [...networks.values()],
    volumes: [...volumes.values()],
  };
}

function afterOf(said: Compose['services'][string]['depends_on']): { [service: string]: boolean } {
  if (said === undefined) return {};
  if (Array.isArray(said)) return Object.fromEntries(said.map((service) => [service, false]));
  return Object.fromEntries(
    Object.entries(said).map(([service, { condition }]) => [service, condition === 'service_healthy']),
  );
}

function inOrder(services: readonly WantedService[]): WantedService[] {
  const done: WantedService[] = [];
  let left = [...services];
  while (left.length > 0) {
    const started = new Set(done.map(({ service }) => service));
    const next = left.filter(({ after }) => Object.keys(after).every((service) => started.has(service)));
    if (next.length === 0)
      throw bad(
        `${left.map(({ service }) => service).join(', ')} wait for each other, or for what is not there.`,
      );
    done.push(...next);
    left = left.filter((service) => !next.includes(service));
  }
  return done;
}

function bad(message: string): FaultError {
  return new FaultError('bad-request', message);
}
