import type Dockerode from 'dockerode';
import type { Json } from '../../domain/json.ts';
import { said } from './client.ts';
import { composeLabels, type Project } from './compose-project.ts';
import { findImage } from './image.ts';
import { findNetwork } from './networks.ts';
import { found } from './place.ts';

export type Info = Dockerode.ContainerInspectInfo;

/** What becomes of a service's container. */
export type Action = 'make' | 'start' | 'recreate' | 'keep';

/** What a project comes to, held against what is there. */
export type Plan = {
  containers: { [name: string]: Action };
  networks: string[];
  volumes: string[];
  /** Images that must be pulled first. */
  pulls: string[];
  /** Containers of the project that the file does not name. They are left alone. */
  orphans: string[];
  problems: string[];
  fingerprint: { [field: string]: Json };
  live: Map<string, Info>;
};

/** Compares a project with the engine. Reads only. */
export async function planProject(docker: Dockerode, project: Project, where: string): Promise<Plan> {
  const plan: Plan = {
    ...{ containers: {}, networks: [], volumes: [], pulls: [], orphans: [], problems: [] },
    ...{ fingerprint: {}, live: new Map<string, Info>() },
  };
  const seen: { [name: string]: Json } = {};
  const images: { [reference: string]: string | null } = {};
  for (const { plan: wanted, hash } of project.services) {
    const reference = wanted.body.Image;
    images[reference] ??= (await findImage(docker, reference, where))?.Id ?? null;
    const live = await findContainer(docker, wanted.name, where);
    if (live !== undefined) plan.live.set(wanted.name, live);
    plan.containers[wanted.name] = actionOf(live, hash, images[reference]);
    seen[wanted.name] = live === undefined ? null : [live.Id, live.State.Running, live.State.StartedAt];
    if (live !== undefined && live.Config.Labels[composeLabels.project] !== project.name)
      plan.problems.push(`${wanted.name} is a container of somebody else`);
  }
  plan.pulls = Object.keys(images).filter((reference) => images[reference] === null);
  for (const { name, external } of project.networks) {
    if ((await findNetwork(docker, name, where)) !== undefined) continue;
    if (external) plan.problems.push(`there is no network ${name}`);
    else plan.networks.push(name);
  }
  for (const { name, external } of project.volumes) {
    if ((await found(docker.getVolume(name).inspect(), where)) !== undefined) continue;
    if (external) plan.problems.push(`there is no volume ${name}`);
    else plan.volumes.push(name);
  }
  const own = await containersOf(docker, project.name, where);
  plan.orphans = own.map(({ name }) => name).filter((name) => !(name in plan.containers));
  plan.fingerprint = { containers: seen, images, networks: plan.networks, volumes: plan.volumes };
  return plan;
}

export async function findContainer(
  docker: Dockerode,
  name: string,
  where: string,
): Promise<Info | undefined> {
  const info = await found(docker.getContainer(name).inspect(), where);
  return info?.Name === `/${name}` ? info : undefined;
}

/** The containers of a project, also those that are stopped, by name. */
export async function containersOf(docker: Dockerode, project: string, where: string) {
  const filters = JSON.stringify({ label: [`${composeLabels.project}=${project}`] });
  const listed = await said(docker.listContainers({ all: true, filters }), where);
  return listed
    .map(({ Id, Names, State }) => ({ id: Id, name: (Names[0] ?? '').replace(/^\//, ''), state: State }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** The networks that were made for a project, by name. */
export async function networksOf(docker: Dockerode, project: string, where: string) {
  const filters = JSON.stringify({ label: [`${composeLabels.project}=${project}`] });
  const listed = await said(docker.listNetworks({ filters }), where);
  return listed.map(({ Id, Name }) => ({ id: Id, name: Name })).sort((a, b) => a.name.localeCompare(b.name));
}

function actionOf(live: Info | undefined, hash: string, image: string | null): Action {
  if (live === undefined) return 'make';
  if (live.Config.Labels[composeLabels.hash] !== hash || live.Image !== image) return 'recreate';
  return live.State.Running ? 'keep' : 'start';
}
