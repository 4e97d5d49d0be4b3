import type Dockerode from 'dockerode';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, sha256 } from '../../domain/json.ts';
import type { EgressRule } from '../../domain/operation.ts';
import { said } from './client.ts';
import { createContainer } from './create-container.ts';
import { findImage } from './image.ts';
import { found } from './place.ts';
import { type Remains, remainsOf } from './remains.ts';

/** What of a container must be known before it goes, so that it can come back. */
export type Return = { networks: string[]; unrepeatable: string | null };

export function returnOf(info: Dockerode.ContainerInspectInfo): Return {
  const remains = remainsOf(info);
  if ('why' in remains) return { networks: [], unrepeatable: remains.why };
  return { networks: Object.keys(remains.plan.networks).sort(), unrepeatable: null };
}

/** The requests that bring a container back. */
export function returnRules(
  connection: string,
  name: string,
  { networks, unrepeatable }: Return,
): EgressRule[] {
  if (unrepeatable !== null) return [];
  return [
    { connection, method: 'POST', path: '/containers/create' },
    { connection, method: 'POST', path: `/containers/${name}/start` },
    ...networks.map((network) => ({ connection, method: 'POST', path: `/networks/${network}/connect` })),
  ];
}

/** How a container is set up, as a short text that changes with it and says nothing of its variables. */
export function digestOf(info: Dockerode.ContainerInspectInfo): string {
  const remains = remainsOf(info);
  return 'why' in remains ? `not repeatable: ${remains.why}` : sha256(canonicalJson(setUp(remains)));
}

/** @throws FaultError `refused` for a container that cannot come back */
export function keepRemains(info: Dockerode.ContainerInspectInfo): Remains {
  const remains = remainsOf(info);
  if (!('why' in remains)) return remains;
  throw new FaultError('refused', `${info.Name.slice(1)} can't be made anew: ${remains.why}.`);
}

/** Whether it is there already, as it was. @throws FaultError `world-changed` where the name is another's by now */
export async function isBack(docker: Dockerode, remains: Remains, where: string): Promise<boolean> {
  const { name } = remains.plan;
  const live = await found(docker.getContainer(name).inspect(), where);
  if (live === undefined || live.Name !== `/${name}`) return false;
  const now = remainsOf(live);
  if (!('why' in now) && canonicalJson(setUp(now)) === canonicalJson(setUp(remains))) return true;
  const words = `There is another container ${name} in ${where} by now`;
  throw new FaultError('world-changed', `${words}. It is left as it is.`);
}

/** Makes the container anew from the image it had, and starts it where it ran. Safe to call twice. */
export async function bringBack(docker: Dockerode, remains: Remains, where: string): Promise<void> {
  const { plan, running } = remains;
  if (!(await isBack(docker, remains, where))) {
    const Image = await imageFor(docker, remains, where);
    await createContainer(docker, { ...plan, body: { ...plan.body, Image } }, where);
  }
  const container = docker.getContainer(plan.name);
  const { State } = await said(container.inspect(), where);
  if (running && State.Status === 'created') await said(container.start(), where);
}

/** Its name where that still means the same image, else the image itself. */
async function imageFor(docker: Dockerode, { plan, imageId }: Remains, where: string): Promise<string> {
  const named = await findImage(docker, plan.body.Image, where);
  if (named?.Id === imageId) return plan.body.Image;
  if ((await findImage(docker, imageId, where)) !== undefined) return imageId;
  throw new FaultError(
    'not-found',
    `The image of ${plan.name} (${plan.body.Image}) is gone: pull or build it first.`,
  );
}

function setUp({ plan: { name, body, networks }, imageId }: Remains) {
  const { Image: _, ...rest } = body;
  return { name, body: rest, networks, imageId };
}
