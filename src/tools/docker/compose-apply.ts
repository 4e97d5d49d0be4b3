import type Dockerode from 'dockerode';
import { FaultError } from '../../domain/fault.ts';
import type { Writer } from '../../domain/ports/reader.ts';
import { said } from './client.ts';
import type { Project, WantedService } from './compose-project.ts';
import type { Plan } from './compose-state.ts';
import { createContainer } from './create-container.ts';
import { pullImage } from './image.ts';
import { stepLabel } from './make.ts';

/** Carries out what was planned: networks, volumes and images first, then one container after the other. */
export async function applyPlan(
  docker: Dockerode,
  project: Project,
  plan: Plan,
  { mark, where, writer }: { mark: string; where: string; writer: Writer },
): Promise<void> {
  for (const { name, internal, labels } of project.networks.filter(({ name }) =>
    plan.networks.includes(name),
  )) {
    const Labels = { ...labels, [stepLabel]: mark };
    const options = { Name: name, Driver: 'bridge', CheckDuplicate: true, Internal: internal, Labels };
    await said(docker.createNetwork(options), where);
  }
  for (const { name, labels } of project.volumes.filter(({ name }) => plan.volumes.includes(name)))
    await said(docker.createVolume({ Name: name, Labels: { ...labels, [stepLabel]: mark } }), where);
  for (const image of plan.pulls) await pullImage(docker, image, where, writer.report);
  for (const service of project.services) {
    await awaitOthers(docker, project, service, { where, writer });
    const { name, body } = service.plan;
    const action = plan.containers[name];
    if (action === 'keep') continue;
    writer.report(
      `${action === 'start' ? 'starting' : `${action === 'make' ? 'making' : 'recreating'}`} ${name}`,
    );
    if (action === 'recreate') await removeContainer(docker, name, where);
    if (action !== 'start')
      await createContainer(
        docker,
        { ...service.plan, body: { ...body, Labels: { ...body.Labels, [stepLabel]: mark } } },
        where,
      );
    await said(docker.getContainer(name).start(), where);
  }
}

/** Stops it as its image wants to be stopped, and takes it away; its volumes stay. */
export async function removeContainer(docker: Dockerode, id: string, where: string): Promise<void> {
  const container = docker.getContainer(id);
  await said(container.stop({ t: 10 }), where).catch((error: unknown) => {
    // 304: it does not run.
    if ((error as { cause?: { statusCode?: number } }).cause?.statusCode !== 304) throw error;
  });
  await said(container.remove({ force: true }), where);
}

const patienceMilliseconds = 120_000;

async function awaitOthers(
  docker: Dockerode,
  project: Project,
  service: WantedService,
  { where, writer }: { where: string; writer: Writer },
): Promise<void> {
  for (const other of project.services.filter((it) => service.after[it.service] === true)) {
    const { name } = other.plan;
    const started = writer.now().getTime();
    for (;;) {
      const { State } = await said(docker.getContainer(name).inspect(), where);
      if (State.Health?.Status === 'healthy') break;
      const over = writer.now().getTime() - started > patienceMilliseconds;
      if (over || !State.Running || State.Health === undefined || State.Health.Status === 'unhealthy') {
        const why = State.Running && State.Health === undefined ? 'has no health check' : 'is not healthy';
        throw new FaultError(
          'unhealthy',
          `${name} ${why}, and ${service.service} waits for it to be healthy.`,
        );
      }
      writer.report(`waiting for ${name} to be healthy`);
      await writer.sleep(500);
    }
  }
}
