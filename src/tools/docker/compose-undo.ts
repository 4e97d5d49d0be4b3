import type Dockerode from 'dockerode';
import { FaultError } from '../../domain/fault.ts';
import type { UndoContract, Verification } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { bringBack, isBack, keepRemains } from './bring-back.ts';
import { openDocker, said } from './client.ts';
import { removeContainer } from './compose-apply.ts';
import type { UpInput } from './compose-input.ts';
import { readPlan } from './compose-look.ts';
import { composeLabels } from './compose-project.ts';
import { findContainer } from './compose-state.ts';
import { followHealth } from './health.ts';
import { stepLabel } from './make.ts';
import { findNetwork } from './networks.ts';
import type { Remains } from './remains.ts';

/** A container as it was, or nulls for one that there was not; `left` is the hash of what the write leaves. */
type Before = { name: string; id: string | null; remains: Remains | null; left: string };

/** What there was before. */
export type UpUndo = { containers: Before[]; networks: string[] };

/** Undo takes away what was made, and makes anew what was replaced. Volumes stay: they hold what was written. */
export const upUndo: UndoContract<UpInput, UpUndo> = {
  kind: 'reversible',
  unless: ({ unrepeatable }) =>
    unrepeatable === null ? undefined : `A container that it replaces can't be made anew: ${unrepeatable}.`,
  async capture(input, reader) {
    const { docker, project, plan } = await readPlan(input, reader);
    const containers = project.services.map(({ plan: { name }, hash }): Before => {
      const live = plan.live.get(name);
      return {
        name,
        id: live?.Id ?? null,
        remains: live === undefined ? null : keepRemains(live),
        left: hash,
      };
    });
    const networks: string[] = [];
    for (const name of input.networks)
      if ((await findNetwork(docker, name, input.environment)) !== undefined) networks.push(name);
    return { containers, networks };
  },
  async previewRestore(input, undo, reader) {
    const steps = await stepsBack(await openDocker(reader, input.connection), input, undo);
    const changes = steps.filter(({ step }) => step !== 'none');
    return {
      kind: 'computed',
      before: null,
      after: Object.fromEntries(steps.map(({ name, step }) => [name, step])),
      fingerprint: Object.fromEntries(steps.map(({ name, id }) => [name, id])),
      summary:
        changes.length === 0
          ? 'Already as it was before.'
          : changes.map(({ name, step }) => `${step} ${name}`).join('; '),
      warnings: changes.length === 0 ? [] : ['Volumes stay, also those that were made.'],
      ...{ raises: [], server: input.daemonId },
    };
  },
  async restore(input, undo, writer) {
    const docker = await openDocker(writer, input.connection);
    for (const { name, step, remains } of (await stepsBack(docker, input, undo)).reverse()) {
      if (step === 'remove' || step === 'replace') await removeContainer(docker, name, input.environment);
      if (step === 'stop') await said(docker.getContainer(name).stop({ t: 10 }), input.environment);
      if ((step === 'replace' || step === 'make') && remains !== null)
        await bringBack(docker, remains, input.environment);
    }
    for (const name of input.networks.filter((network) => !undo.networks.includes(network))) {
      const network = await findNetwork(docker, name, input.environment);
      const ours =
        network?.Labels?.[stepLabel] !== undefined && Object.keys(network.Containers ?? {}).length === 0;
      if (ours) await said(docker.getNetwork(name).remove(), input.environment);
    }
  },
  async verifyRestored(input, undo, reader): Promise<Verification> {
    const steps = await stepsBack(await openDocker(reader, input.connection), input, undo);
    const left = steps.filter(({ step }) => step !== 'none').map(({ name }) => name);
    if (left.length > 0) return { state: 'failed', evidence: `Not as before: ${left.join(', ')}.` };
    for (const { name } of undo.containers.filter(({ remains }) => remains?.running === true)) {
      const one = await followHealth({ ...input, name, id: name }, reader as Reader);
      if (one.state !== 'healthy') return one;
    }
    return { state: 'healthy', evidence: `${input.project} is as it was before.` };
  },
};

type Step = 'none' | 'remove' | 'replace' | 'make' | 'stop';

/** What leads back, for each container. @throws FaultError `world-changed` before anything is done */
async function stepsBack(docker: Dockerode, { environment }: UpInput, { containers }: UpUndo) {
  const steps: { name: string; step: Step; id: string | null; remains: Remains | null }[] = [];
  for (const before of containers) {
    const live = await findContainer(docker, before.name, environment);
    const step = await stepBack(docker, live, before, environment);
    steps.push({ name: before.name, step, id: live?.Id ?? null, remains: before.remains });
  }
  return steps;
}

async function stepBack(
  docker: Dockerode,
  live: Dockerode.ContainerInspectInfo | undefined,
  { id, remains, left }: Before,
  where: string,
): Promise<Step> {
  if (live === undefined) return remains === null ? 'none' : 'make';
  const { Labels } = live.Config;
  const ours = live.Id !== id && Labels[stepLabel] !== undefined && Labels[composeLabels.hash] === left;
  const back = remains !== null && (await isBack(docker, remains, where).catch(orElse(ours)));
  if (back) return live.State.Running && !remains.running ? 'stop' : 'none';
  if (ours) return remains === null ? 'remove' : 'replace';
  const what = `${live.Name.slice(1)} is another container by now`;
  throw new FaultError('world-changed', `${what}. Everything is left as it is.`);
}

function orElse(ours: boolean): (error: unknown) => false {
  return (error) => {
    if (ours) return false;
    throw error;
  };
}
