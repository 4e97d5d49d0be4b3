import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeUp } from '../../../src/tools/docker/compose_up.ts';
import { docker } from '../../../src/tools/docker/index.ts';
import { importShell, shellImage } from '../support/docker-bed.ts';
import { type DockerEngine, startDocker } from '../support/docker-engine.ts';
import { openBed } from './bed.ts';
import { startFaultyServer, type Trouble } from './faulty-server.ts';
import type { Case, Table, World } from './table.ts';
import { arrive } from './trials.ts';

type DockerWorld = World & { engine: DockerEngine };

// As an authorization plug-in of the engine refuses, and as a proxy in front of one does.
const said = (status: number, message: string): Trouble => ({
  ...{ kind: 'answer', status },
  body: JSON.stringify({ message }),
});
const refusals = [said(403, 'authorization denied by plugin opa: not yours'), said(401, 'unauthorized')];

const loop = ['sh', '-c', 'trap "exit 0" TERM; echo ready; while :; do sleep 0.05; done'];
const none = { name: 'zz-none' };

async function gone({ engine }: DockerWorld, name: string): Promise<void> {
  await engine.docker
    .getContainer(name)
    .remove({ force: true })
    .catch(() => {});
}
async function started(world: DockerWorld, name: string): Promise<void> {
  await gone(world, name);
  await (await world.engine.docker.createContainer({ name, Image: shellImage, Cmd: loop })).start();
}
const runs = (name: string, more: object = {}): Case<DockerWorld> => ({
  request: { name, ...more },
  missing: { ...none, ...more },
  before: (world) => started(world, name),
});
const again = (name: string) => ({
  meddle: ({ engine }: DockerWorld) => engine.docker.getContainer(name).restart({ t: 1 }),
});

let engine: Promise<DockerEngine> | undefined;

export async function closeDocker(): Promise<void> {
  await (await engine)?.close();
}

/** One engine for all trials; each operation has things of its own name, made anew for each trial. */
export const dockerTable: Table<DockerWorld> = {
  tool: docker,
  engine: 'a real dockerd 20.10, through the real broker',
  refusals,
  cases: {
    'docker.list': { request: { all: true }, missing: 'It lists what is there.' },
    'docker.images': { request: {}, missing: 'It lists what is there.' },
    'docker.logs': runs('k-logs', { lines: 5 }),
    'docker.stats': runs('k-stats'),
    'docker.inspect': runs('k-inspect'),
    'docker.events': {
      ...runs('k-events', { since: '10m' }),
      missing: 'Nothing happened to what is not there.',
    },
    'docker.run': {
      request: { image: shellImage, name: 'k-run', command: loop },
      missing: 'An image that the engine lacks is pulled: see tests/tools/docker-run.test.ts.',
      before: (world) => gone(world, 'k-run'),
      async meddle(world) {
        await gone(world, 'k-run');
        await started(world, 'k-run');
      },
    },
    'docker.restart': { ...runs('k-restart'), ...again('k-restart'), unmarked: true },
    'docker.stop': {
      ...runs('k-stop'),
      async meddle({ engine }) {
        const container = engine.docker.getContainer('k-stop');
        const { State } = await container.inspect();
        await container.restart({ t: 1 });
        if (!State.Running) await container.stop({ t: 1 });
      },
    },
    'docker.remove': {
      ...runs('k-remove', { force: true }),
      unmarked: true,
      async meddle(world) {
        await gone(world, 'k-remove');
        const other = { name: 'k-remove', Image: shellImage, Cmd: ['sleep', '1'] };
        await world.engine.docker.createContainer(other);
      },
    },
    'docker.create_network': {
      request: { name: 'k-network' },
      missing: 'It makes what is not there.',
      before: ({ engine }) =>
        engine.docker
          .getNetwork('k-network')
          .remove()
          .catch(() => {}),
      async meddle({ engine }) {
        await engine.docker
          .getNetwork('k-network')
          .remove()
          .catch(() => {});
        await engine.docker.createNetwork({ Name: 'k-network', Labels: { theirs: 'yes' } });
      },
    },
    'docker.create_volume': {
      request: { name: 'k-volume' },
      missing: 'It makes what is not there.',
      before: ({ engine }) =>
        engine.docker
          .getVolume('k-volume')
          .remove()
          .catch(() => {}),
      async meddle({ engine }) {
        await engine.docker
          .getVolume('k-volume')
          .remove()
          .catch(() => {});
        await engine.docker.createVolume({ Name: 'k-volume', Labels: { theirs: 'yes' } });
      },
    },
    'docker.build': {
      request: { path: 'api', tag: 'k/build:1' },
      missing: { path: 'zz-none', tag: 'k/build:1' },
      before: ({ engine }) =>
        engine.docker
          .getImage('k/build:1')
          .remove({ force: true })
          .catch(() => {}),
      meddle: ({ engine }) => engine.docker.getImage(engine.image).tag({ repo: 'k/build', tag: '1' }),
    },
    'docker.compose_up': {
      request: { path: 'kup' },
      missing: { path: 'zz-none' },
      before: (world) => down(world, 'kup'),
      async meddle(world) {
        await down(world, 'kup');
        await started(world, 'kup-one-1');
      },
    },
    'docker.compose_down': {
      request: { path: 'kdown' },
      missing: { path: 'zz-none' },
      async before(world) {
        await down(world, 'kdown');
        const up = await arrive(world.bed, composeUp, { path: 'kdown' });
        await world.bed.call(composeUp, 'execute', up);
      },
      meddle: (world) => started(world, 'kdown-one-1'),
    },
    'docker.exec': {
      ...runs('k-exec', { command: 'echo hello' }),
      ...again('k-exec'),
      traceless: true,
    },
    'docker.pull': {
      unmarked: true,
      request: { image: '127.0.0.1:5000/lab/tiny:1' },
      missing: 'What a registry lacks shows when it is pulled: see tests/tools/docker-inside.test.ts.',
      before: ({ engine }) =>
        engine.docker
          .getImage('127.0.0.1:5000/lab/tiny:1')
          .remove({ force: true })
          .catch(() => {}),
      meddle: ({ engine }) =>
        engine.docker.getImage(engine.image).tag({ repo: '127.0.0.1:5000/lab/tiny', tag: '1' }),
      without: {
        success: 'It needs a registry: see tests/tools/docker-inside.test.ts.',
        'lost worker': 'It needs a registry.',
      },
    },
    'docker.scan': {
      request: { image: shellImage },
      missing: { image: 'lab/absent:1' },
      without: Object.fromEntries(
        ['success', 'no rights', 'time-out', 'broken answers'].map((kind) => [
          kind,
          'No scanner is installed here.',
        ]),
      ),
    },
  },
  async open() {
    engine ??= startEngine();
    const running = await engine;
    const server = await startFaultyServer(running.socketPath);
    const folder = join(running.folder, 'apps');
    const bed = await openBed(
      [
        { kind: 'docker', name: 'main', server },
        { kind: 'folder', name: 'apps', folder },
      ],
      { hurry: 10 },
    );
    return {
      ...{ bed, engine: running },
      async close() {
        await bed.close();
        await server.close();
      },
    };
  },
};

async function startEngine(): Promise<DockerEngine> {
  const started = await startDocker();
  await importShell(started);
  const put = (path: string, text: string) => {
    mkdirSync(join(started.folder, 'apps', path, '..'), { recursive: true });
    writeFileSync(join(started.folder, 'apps', path), text);
  };
  put('api/Dockerfile', `FROM ${shellImage}\nCOPY . /app\nCMD ["cat", "/app/main.txt"]\n`);
  put('api/main.txt', 'one');
  const service = (name: string) =>
    `  ${name}: { image: "${shellImage}", command: ${JSON.stringify(loop)}, networks: [back] }\n`;
  for (const project of ['kup', 'kdown'])
    put(`${project}/compose.yaml`, `services:\n${service('one')}networks: { back: }\n`);
  return started;
}

async function down(world: DockerWorld, project: string): Promise<void> {
  await gone(world, `${project}-one-1`);
  await world.engine.docker
    .getNetwork(`${project}_back`)
    .remove()
    .catch(() => {});
}
