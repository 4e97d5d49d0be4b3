import { z } from 'zod';
import { FaultError, toFault } from '../../domain/fault.ts';
import { canonicalJson, type Json } from '../../domain/json.ts';
import { defineOperation, type Preview, type Resolution, type UndoContract } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { bringBack, digestOf, isBack, keepRemains, returnOf } from './bring-back.ts';
import { openDocker, said } from './client.ts';
import { examples } from './compose_down.examples.ts';
import { removeContainer } from './compose-apply.ts';
import { findProject } from './compose-find.ts';
import { containersOf, findContainer, networksOf } from './compose-state.ts';
import { followHealth } from './health.ts';
import { findNetwork } from './networks.ts';
import { daemonInput, dockerName, locateDaemon, placeRequest } from './place.ts';
import type { Remains } from './remains.ts';

const input = daemonInput.extend({
  project: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/),
  containers: z.array(z.strictObject({ name: dockerName, id: z.string().regex(/^[0-9a-f]{64}$/) })).min(1),
  /** The project's own networks, which go, too. */
  networks: z.array(dockerName),
  /** What its containers are connected to besides the network that they begin in. */
  connects: z.array(dockerName),
  unrepeatable: z.string().nullable(),
});
type DownInput = z.infer<typeof input>;
type DownUndo = {
  containers: Remains[];
  networks: { name: string; internal: boolean; labels: { [label: string]: string } }[];
};

const undo: UndoContract<DownInput, DownUndo> = {
  kind: 'reversible',
  unless: ({ unrepeatable }) =>
    unrepeatable === null ? undefined : `It can't be made anew: ${unrepeatable}.`,
  async capture(input, reader) {
    const docker = await openDocker(reader, input.connection);
    const { infos } = await look(input, reader);
    const networks: DownUndo['networks'] = [];
    for (const name of input.networks) {
      const network = await findNetwork(docker, name, input.environment);
      if (network !== undefined)
        networks.push({ name, internal: network.Internal, labels: network.Labels ?? {} });
    }
    return { containers: infos.map(keepRemains), networks };
  },
  async previewRestore(input, undo, reader) {
    const docker = await openDocker(reader, input.connection);
    const missing: string[] = [];
    for (const remains of undo.containers)
      if (!(await isBack(docker, remains, input.environment))) missing.push(remains.plan.name);
    return {
      kind: 'computed',
      before: null,
      after: { made: missing },
      fingerprint: { missing },
      summary: missing.length === 0 ? 'Already as it was before.' : `makes ${missing.join(', ')} anew`,
      warnings: missing.length === 0 ? [] : ['What they wrote outside of their volumes is lost.'],
      ...{ raises: [], server: input.daemonId },
    };
  },
  async restore(input, undo, writer) {
    const docker = await openDocker(writer, input.connection);
    for (const remains of undo.containers) await isBack(docker, remains, input.environment);
    for (const { name, internal, labels } of undo.networks) {
      if ((await findNetwork(docker, name, input.environment)) !== undefined) continue;
      const options = {
        Name: name,
        Driver: 'bridge',
        CheckDuplicate: true,
        Internal: internal,
        Labels: labels,
      };
      await said(docker.createNetwork(options), input.environment);
    }
    for (const remains of undo.containers) await bringBack(docker, remains, input.environment);
  },
  async verifyRestored(input, undo, reader) {
    const docker = await openDocker(reader, input.connection);
    for (const remains of undo.containers) {
      const { name } = remains.plan;
      if (!(await isBack(docker, remains, input.environment)))
        return { state: 'failed', evidence: `${name} is not there.` };
      const one = remains.running ? await followHealth({ ...input, name, id: name }, reader) : undefined;
      if (one !== undefined && one.state !== 'healthy') return one;
    }
    return { state: 'healthy', evidence: `${input.project} is as it was before.` };
  },
};

export const composeDown = defineOperation({
  id: 'docker.compose_down',
  version: 1,
  summary: 'Stops and removes the containers and networks of a compose project; its volumes stay.',
  request: z.strictObject({ path: z.string().optional(), ...placeRequest }),
  input,
  output: z.object({ project: z.string(), removed: z.array(z.string()) }),
  effect: 'delete',
  repeat: 'verify-first',
  previews: 'computed',
  examples,
  connections: ['docker', 'folder'],
  stop: { signal: 'SIGTERM', graceSeconds: 15 },
  limits: { seconds: 600, memoryMb: 256 },
  undo,
  async resolve({ path, environment }, reader): Promise<Resolution<DownInput>> {
    const placed = await locateDaemon(environment, reader);
    if (placed.kind !== 'placed') return placed;
    const { at, docker } = placed;
    const found = await findProject(path, at, docker, reader);
    if (found.kind !== 'project') return found;
    const listed = await containersOf(docker, found.project, at.environment);
    const networks = (await networksOf(docker, found.project, at.environment)).map(({ name }) => name);
    const returns = [];
    for (const { id } of listed)
      returns.push(returnOf(await said(docker.getContainer(id).inspect(), at.environment)));
    const containers = listed.map(({ name, id }) => ({ name, id }));
    const connects = [...new Set(returns.flatMap((it) => it.networks))];
    const unrepeatable = returns.find((it) => it.unrepeatable !== null)?.unrepeatable ?? null;
    return {
      kind: 'input',
      input: { ...at, project: found.project, containers, networks, connects, unrepeatable },
    };
  },
  assess: ({ environment, daemonId, project, containers }) => ({
    effect: 'delete',
    targets: [
      `docker:${daemonId}/compose/${project}`,
      ...containers.map(({ name }) => `docker:${daemonId}/container/${name}`),
    ],
    environment,
    objects: containers.length,
    reasons: ['removes the containers of the project; its volumes stay'],
  }),
  describe: ({ project, environment, containers }) => ({
    title: `Take the compose project ${project} down in ${environment} (${containers.map(({ name }) => name).join(', ')})`,
    byHand: `docker compose --project-name ${project} down`,
  }),
  async preview(input, reader): Promise<Preview> {
    const { infos, fingerprint } = await look(input, reader);
    const names = infos.map(({ Name }) => Name.slice(1));
    const nets = input.networks.length === 0 ? '' : ` and the networks ${input.networks.join(', ')}`;
    const running = infos.filter(({ State }) => State.Running).length;
    const loss = 'What they wrote outside of their volumes is lost, also where this is undone.';
    const { unrepeatable } = input;
    return {
      kind: 'computed',
      before: {
        containers: Object.fromEntries(
          infos.map(({ Name, State }) => [Name.slice(1), State.Running ? 'runs' : 'does not run']),
        ),
      },
      after: { containers: {} },
      fingerprint,
      summary: `removes ${names.join(', ')}${nets}`,
      warnings: [unrepeatable === null ? loss : `It can't be made anew: ${unrepeatable}.`],
      raises: running === 0 ? [] : [{ level: 'high', reason: `${running} of them run: their service stops` }],
      server: input.daemonId,
    };
  },
  egress: ({ connection, containers, networks, connects, unrepeatable }) => [
    ...containers.flatMap(({ id }) => [
      { connection, method: 'POST', path: `/containers/${id}/stop` },
      { connection, method: 'DELETE', path: `/containers/${id}` },
    ]),
    ...networks.map((name) => ({ connection, method: 'DELETE', path: `/networks/${name}` })),
    ...(unrepeatable === null
      ? [
          '/containers/create',
          '/networks/create',
          ...containers.map(({ name }) => `/containers/${name}/start`),
        ]
          .concat(connects.map((name) => `/networks/${name}/connect`))
          .map((path) => ({ connection, method: 'POST', path }))
      : []),
  ],
  async execute(input, writer, { approved }) {
    if (approved === undefined)
      throw new FaultError('refused', 'A change without an approved preview is not made.');
    const docker = await openDocker(writer, input.connection);
    const { fingerprint } = await look(input, writer);
    if (canonicalJson(fingerprint) !== canonicalJson(approved.fingerprint))
      throw new FaultError(
        'world-changed',
        `${input.project} has changed since this was approved. Nothing was done; ask again.`,
      );
    for (const { name, id } of input.containers) {
      writer.report(`removing ${name}`);
      await removeContainer(docker, id, input.environment);
    }
    for (const name of input.networks) await said(docker.getNetwork(name).remove(), input.environment);
    return { project: input.project, removed: input.containers.map(({ name }) => name) };
  },
  async landed(input, reader, { approved }) {
    const docker = await openDocker(reader, input.connection);
    const left = await leftOf(input, reader);
    if (left.length === 0 && (await networksOf(docker, input.project, input.environment)).length === 0)
      return 'yes';
    const now = await look(input, reader).catch((error: unknown) => toFault(error));
    const same =
      'fingerprint' in now && canonicalJson(now.fingerprint) === canonicalJson(approved?.fingerprint ?? null);
    return same ? 'no' : 'unclear';
  },
  async verify(input, reader) {
    const left = await leftOf(input, reader);
    if (left.length === 0)
      return { state: 'healthy', evidence: `Nothing of ${input.project} is left but its volumes.` };
    return { state: 'failed', evidence: `Still there: ${left.join(', ')}.` };
  },
  render: ({ project, removed }) => ({
    kind: 'text',
    text: `${project} is down: ${removed.join(', ')} removed.`,
  }),
});

async function leftOf({ connection, environment, project }: DownInput, reader: Reader): Promise<string[]> {
  const listed = await containersOf(await openDocker(reader, connection), project, environment);
  return listed.map(({ name }) => name);
}

/** @throws FaultError `world-changed` when one of the containers is gone or another came */
async function look(input: DownInput, reader: Reader) {
  const docker = await openDocker(reader, input.connection);
  const infos = [];
  const containers: { [name: string]: Json } = {};
  for (const { name, id } of input.containers) {
    const info = await findContainer(docker, name, input.environment);
    if (info?.Id !== id)
      throw new FaultError(
        'world-changed',
        `The container ${name} of ${input.project} is gone or another one. Ask again.`,
      );
    infos.push(info);
    containers[name] = [id, info.State.Running, info.State.StartedAt, digestOf(info)];
  }
  const all = await leftOf(input, reader);
  const networks = await networksOf(docker, input.project, input.environment);
  return { infos, fingerprint: { containers, all, networks: networks.map(({ id }) => id) } };
}
