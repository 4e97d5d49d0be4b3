import { join } from 'node:path';
import { z } from 'zod';
import { FaultError, toFault } from '../../domain/fault.ts';
import { canonicalJson, type Json } from '../../domain/json.ts';
import { defineOperation, type Preview, type Verification } from '../../domain/operation.ts';
import type { RiskRaise } from '../../domain/risk.ts';
import { quoteWords } from '../../domain/shell-words.ts';
import { returnOf } from './bring-back.ts';
import { examples } from './compose_up.examples.ts';
import { applyPlan } from './compose-apply.ts';
import { composeFiles } from './compose-file.ts';
import { upInput } from './compose-input.ts';
import { readPlan, readProject } from './compose-look.ts';
import type { Project } from './compose-project.ts';
import { type Plan, planProject } from './compose-state.ts';
import { upUndo } from './compose-undo.ts';
import { followHealth } from './health.ts';
import { locateFolder } from './locate-folder.ts';
import { locateDaemon, mountsAt, placeRequest } from './place.ts';

export const composeUp = defineOperation({
  id: 'docker.compose_up',
  version: 1,
  summary: 'Brings the containers, networks and volumes of a compose file up.',
  request: z.strictObject({ path: z.string().optional(), ...placeRequest }),
  input: upInput,
  output: z.object({ project: z.string(), containers: z.record(z.string(), z.string()) }),
  effect: 'update',
  repeat: 'verify-first',
  previews: 'computed',
  examples,
  connections: ['docker', 'folder'],
  stop: { signal: 'SIGTERM', graceSeconds: 15 },
  limits: { seconds: 900, memoryMb: 512 },
  undo: upUndo,
  async resolve({ path, environment }, reader) {
    const placed = await locateDaemon(environment, reader);
    if (placed.kind !== 'placed') return placed;
    const { at, docker } = placed;
    const located = await locateFolder(path ?? '.', at.environment, reader, holdsProject, 'compose file');
    if (located.kind !== 'folder') return located;
    const { folder, below, listing } = located;
    const file =
      located.file ?? composeFiles.find((name) => listing.files.some((it) => it.path === name)) ?? '';
    const project = await readProject({ folder, below, file }, listing.into, mountsAt(at, reader)).catch(
      (error: unknown) => toFault(error),
    );
    if ('code' in project) return { kind: 'impossible', reason: project.message };
    const plan = await planProject(docker, project, at.environment);
    if (plan.problems.length > 0)
      return { kind: 'impossible', reason: `It cannot be brought up: ${plan.problems.join('; ')}.` };
    const replaced = Object.entries(plan.containers).filter(([, action]) => action === 'recreate');
    const returns = replaced.flatMap(([name]) => {
      const live = plan.live.get(name);
      return live === undefined ? [] : [returnOf(live)];
    });
    const lasting = returns.find(({ unrepeatable }) => unrepeatable !== null)?.unrepeatable ?? null;
    const networks = [...project.networks.map(({ name }) => name), ...returns.flatMap((it) => it.networks)];
    return {
      kind: 'input',
      input: {
        ...at,
        ...{ folder, below, file, project: project.name, unrepeatable: lasting },
        containers: project.services.map(({ plan }) => plan.name),
        networks: [...new Set(networks)],
      },
    };
  },
  assess: ({ environment, daemonId, project, containers }) => ({
    effect: 'update',
    targets: [
      `docker:${daemonId}/compose/${project}`,
      ...containers.map((name) => `docker:${daemonId}/container/${name}`),
    ],
    environment,
    objects: containers.length,
    reasons: [],
  }),
  describe: ({ project, environment, below, file, containers }) => ({
    title: `Bring the compose project ${project} up in ${environment} (${containers.join(', ')})`,
    byHand: `docker compose ${quoteWords(['--project-name', project, '--file', join(below, file), 'up', '--detach'])}`,
  }),
  async preview(input, reader): Promise<Preview> {
    const { project, plan } = await readPlan(input, reader);
    if (plan.problems.length > 0)
      throw new FaultError('conflict', `It cannot be brought up: ${plan.problems.join('; ')}.`);
    const states = [...plan.live].map(([name, { State }]) => [name, State.Running ? 'runs' : 'does not run']);
    return {
      kind: 'computed',
      before: { containers: Object.fromEntries(states) },
      after: { containers: plan.containers, networks: plan.networks, volumes: plan.volumes },
      fingerprint: fingerprintOf(project, plan),
      summary: summaryOf(plan),
      warnings: warningsOf(plan),
      raises: raisesOf(project, plan),
      server: input.daemonId,
    };
  },
  egress: ({ connection, containers, networks }) => [
    ...['/containers/create', '/networks/create', '/volumes/create', '/images/create'].map((path) => ({
      connection,
      method: 'POST',
      path,
    })),
    ...containers.flatMap((name) => [
      { connection, method: 'POST', path: `/containers/${name}/start` },
      { connection, method: 'POST', path: `/containers/${name}/stop` },
      { connection, method: 'DELETE', path: `/containers/${name}` },
    ]),
    ...networks.flatMap((name) => [
      { connection, method: 'POST', path: `/networks/${name}/connect` },
      { connection, method: 'DELETE', path: `/networks/${name}` },
    ]),
  ],
  async execute(input, writer, { approved, idempotencyKey }) {
    if (approved === undefined)
      throw new FaultError('refused', 'A change without an approved preview is not made.');
    const { docker, project, plan } = await readPlan(input, writer);
    if (canonicalJson(approved.fingerprint) !== canonicalJson(fingerprintOf(project, plan))) {
      const { file } = approved.fingerprint as { file?: string };
      const what = file === fingerprintOf(project, plan)['file'] ? 'What runs' : 'The compose file';
      throw new FaultError(
        'world-changed',
        `${what} has changed since this was approved. Nothing was done; ask again.`,
      );
    }
    await applyPlan(docker, project, plan, { mark: idempotencyKey, where: input.environment, writer });
    return { project: project.name, containers: plan.containers };
  },
  async landed(input, reader, { approved }) {
    const { project, plan } = await readPlan(input, reader);
    if (Object.values(plan.containers).every((action) => action === 'keep')) return 'yes';
    return canonicalJson(approved?.fingerprint ?? null) === canonicalJson(fingerprintOf(project, plan))
      ? 'no'
      : 'unclear';
  },
  async verify(input, reader): Promise<Verification> {
    const evidence: string[] = [];
    for (const name of input.containers) {
      const one = await followHealth({ ...input, name, id: name }, reader);
      if (one.state !== 'healthy') return one;
      evidence.push(one.evidence);
    }
    return { state: 'healthy', evidence: evidence.join(' ') };
  },
  render: ({ project, containers }) => ({
    kind: 'table',
    columns: ['Container', 'What was done'],
    rows: Object.entries(containers),
    note: `${project} is up.`,
  }),
});

function holdsProject({ files }: { files: readonly { path: string }[] }, file: string | undefined): boolean {
  const names = file === undefined ? composeFiles : [file];
  return files.some(({ path }) => names.includes(path));
}

function fingerprintOf(project: Project, plan: Plan): { [field: string]: Json } {
  const hashes = project.services.map(({ hash }) => hash).join(' ');
  return { file: hashes, ...plan.fingerprint };
}

function summaryOf({ containers, networks, volumes }: Plan): string {
  const names = (action: string) => Object.keys(containers).filter((name) => containers[name] === action);
  const parts = [
    ['makes', names('make')],
    ['recreates', names('recreate')],
    ['starts', names('start')],
    ['keeps', names('keep')],
    ['new networks:', networks],
    ['new volumes:', volumes],
  ] as const;
  return parts.flatMap(([word, all]) => (all.length === 0 ? [] : [`${word} ${all.join(', ')}`])).join('; ');
}

function warningsOf({ pulls, orphans, containers }: Plan): string[] {
  const recreated = Object.keys(containers).filter((name) => containers[name] === 'recreate');
  return [
    ...(pulls.length === 0 ? [] : [`Pulled first: ${pulls.join(', ')}.`]),
    ...(recreated.length === 0 ? [] : [`What ${recreated.join(', ')} wrote outside of volumes is lost.`]),
    ...(orphans.length === 0 ? [] : [`The file does not name ${orphans.join(', ')}: left alone.`]),
  ];
}

function raisesOf({ services }: Project, { containers, live }: Plan): RiskRaise[] {
  const replaced = Object.keys(containers).filter(
    (name) => containers[name] === 'recreate' && live.get(name)?.State.Running,
  );
  const open = services.flatMap(({ plan }) => {
    const bindings = Object.values(
      (plan.body.HostConfig['PortBindings'] ?? {}) as {
        [port: string]: { HostIp: string; HostPort: string }[];
      },
    );
    return bindings
      .flat()
      .filter(({ HostIp }) => !HostIp.startsWith('127.'))
      .map(({ HostPort }) => HostPort);
  });
  const folders = services.flatMap(({ plan }) =>
    ((plan.body.HostConfig['Binds'] ?? []) as string[]).filter((bind) => bind.startsWith('/')),
  );
  return [
    ...(replaced.length === 0
      ? []
      : [{ level: 'medium' as const, reason: `interrupts ${replaced.join(', ')}` }]),
    ...(open.length === 0
      ? []
      : [{ level: 'medium' as const, reason: `publishes ${open.join(', ')} beyond this machine` }]),
    ...(folders.length === 0
      ? []
      : [{ level: 'medium' as const, reason: `mounts folders of the machine: ${folders.join(', ')}` }]),
  ];
}
